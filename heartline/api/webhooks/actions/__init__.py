"""The only writers of webhooks: what people decide about them, and what became of each delivery."""
