"""Pages about what is said."""
