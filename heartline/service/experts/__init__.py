"""Experts on demand at the desk: the pages of those who ask, of those who are asked, and of those who set it up."""
