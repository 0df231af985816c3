"""What the figures say: the metric catalogue, and the pages that show it. Reads the ledger, imports no table."""
