"""What holds for alerts."""
