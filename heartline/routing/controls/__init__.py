"""What supervisors decide about what waits: pin, raise, move, pause a queue, tell everybody; recorded and undone."""
