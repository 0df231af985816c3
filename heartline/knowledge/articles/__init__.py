"""Articles: what we know, written once, reviewed by another, found by search and put into replies."""
