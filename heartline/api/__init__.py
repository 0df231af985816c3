"""The public HTTP API under /api/v1, composed from each folder's own api.py, with its tokens and its safe retries."""
