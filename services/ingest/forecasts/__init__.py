"""How a checked file will match: which of its visits will not, and why, and possible duplicates (RULES 4)."""
