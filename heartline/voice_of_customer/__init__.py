"""What customers say afterwards: one question and a comment, once per case."""
