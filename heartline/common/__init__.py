"""The shortest folder: clock, actors, errors, ids and text. It imports nothing of ours."""
