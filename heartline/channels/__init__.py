"""How customers reach us: one self-contained folder a channel."""
