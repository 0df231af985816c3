"""The front hall: what somebody needs, the ways to a person with honest waits, and a case's own page."""
