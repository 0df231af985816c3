"""The chat: on the contact page and, by one script tag, on any site of a brand."""
