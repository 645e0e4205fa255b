"""What can be done to many visits at once (RULES 20)."""
