"""Replies that have not gone yet: held so that they can be taken back, or planned for later."""
