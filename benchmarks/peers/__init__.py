"""Other systems on the same machine and the same work, each run by a Python of its own."""
