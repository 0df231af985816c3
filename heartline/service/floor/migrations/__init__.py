"""Changes to the floor's tables."""
