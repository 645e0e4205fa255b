"""All rows of one kind in a checked file mended at once (RULES 4, 20)."""
