"""How long somebody will wait, worked out once for all who wait in a line, from recent weeks and from who is here now."""
