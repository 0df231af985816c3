"""What holds on the floor."""
