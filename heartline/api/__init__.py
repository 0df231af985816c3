"""The public HTTP API, composed from what each folder offers."""
