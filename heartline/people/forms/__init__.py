"""What may be typed on the pages of set-up, and what it means. Forms check; the actions write."""
