"""What we know and how it is found again: search over everything that was said and kept."""
