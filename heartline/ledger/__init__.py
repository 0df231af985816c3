"""The one append-only record of what happened: history, audit, live push and figures all read it."""
