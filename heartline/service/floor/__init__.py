"""The floor, from which supervisors help: who waits and why, who does what, what needs somebody now."""
