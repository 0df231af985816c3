"""What we owe: follow-ups with an owner and a due time, callbacks among them."""
