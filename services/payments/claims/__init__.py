"""Accepted one-off claims as payment items (RULES 10)."""
