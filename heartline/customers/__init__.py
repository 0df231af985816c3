"""Who our customers are and the addresses that reach them."""
