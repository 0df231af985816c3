"""The supervisor: starts the processes of one installation, restarts what dies, and ends them together.

It must stay small (idle memory is part of the published bars), so nothing here imports Django.
"""
