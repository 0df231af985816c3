"""What follows from facts about customers, without a database."""
