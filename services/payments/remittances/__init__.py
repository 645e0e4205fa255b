"""Remittances: one document of what organisations are paid in a period, by every way to it (RULES 8, 15)."""
