"""The processes that do the work: `web` answers people, `work` does what nobody waits for.

Under `heartline run` a supervisor starts them; on larger sites any number may be started on any number of
hosts with `python -m heartline.config.processes web|work`.
"""
