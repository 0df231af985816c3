"""Experts on demand: people outside the centre are asked from inside a case, and their answer lands in it."""
