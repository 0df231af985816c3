"""Mentions: calling a colleague by name in a note."""
