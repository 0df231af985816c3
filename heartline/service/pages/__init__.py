"""What the desk's browser asks for: one page, and JSON below /desk/api/."""
