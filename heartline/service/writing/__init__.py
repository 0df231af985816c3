"""What helps in writing to a customer, and what happens between writing and sending."""
