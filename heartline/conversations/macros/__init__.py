"""Macros: steps that are done to a case in one go."""
