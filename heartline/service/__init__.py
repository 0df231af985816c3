"""The desk where people serve, and the floor from which supervisors help."""
