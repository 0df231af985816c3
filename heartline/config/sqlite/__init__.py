"""The embedded database: SQLite as Django knows it, whose threads write in turn."""
