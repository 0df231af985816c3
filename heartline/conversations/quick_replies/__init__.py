"""Quick replies: prepared texts found by typing, filled with what is known, in the customer's language."""
