"""What we change: how good the work with customers is, and what everybody learns from it."""
