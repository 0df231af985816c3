"""Pages of set-up and of a person's own account: HTTP only, what they change is in the actions."""
