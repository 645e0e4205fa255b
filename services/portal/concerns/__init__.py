"""Concerns about providers, for commissioning staff; breach notices, for their provider too (RULES 16)."""
