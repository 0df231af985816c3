"""What people see and do with customers: a list, a page for each, and set-up."""
