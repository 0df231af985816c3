"""Tags and filters that every template loads: {% load ui %}."""
