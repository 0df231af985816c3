"""The customer's story: what stands beside a conversation, on one screen."""
