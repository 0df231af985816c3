"""What problems cost: from the customers who have one to the money that leaves, and what each remedy would bring back."""
