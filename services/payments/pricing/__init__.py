"""What a week costs, what a visit pays and why, and the forecast of a checked file (RULES 4, 6)."""
