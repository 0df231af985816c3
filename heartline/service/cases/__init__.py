"""Working with a case as a whole, and with several at once."""
