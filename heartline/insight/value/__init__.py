"""What customers will still be worth: how many purchases are to come and how large, from what they bought so far."""
