"""Changes to the tables of alerts."""
