"""The public HTTP API under /api/v1, composed from each folder's own api.py, with its keys and its safe retries."""
