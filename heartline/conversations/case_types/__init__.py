"""Types of cases with fields of their own: set up in pages, filled in at the desk, asked for at wrap-up."""
