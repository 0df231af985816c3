"""Forms that need no script: leave a message, complain, be called back."""
