"""The top floor: settings, addresses, processes and the `heartline` command. It may import everything."""
