"""The subcommands of `heartline`, one module each, imported when called."""
