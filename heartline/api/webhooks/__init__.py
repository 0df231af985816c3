"""Webhooks: what happened, sent to another system's address as it happens, signed as in Standard Webhooks."""
