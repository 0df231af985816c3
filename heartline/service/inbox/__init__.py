"""What an agent's list holds: views that narrow it, and what comes next."""
