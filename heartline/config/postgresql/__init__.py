"""PostgreSQL as Django knows it, spelling plain columns without asking them."""
