"""Backup and restore: one file holds the database, the attachments and the key, as of one moment.

The database is copied first: a message and its attachment are written file first, row second, so every
attachment that a copied row names is there when the files are copied afterwards.
"""
