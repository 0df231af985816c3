"""Pages of quality reviews and coaching."""
