"""The only writers of cases, contacts and messages, one module per concept."""
