"""What clients are charged for their weeks, their statements, and queries about them (RULES 7)."""
