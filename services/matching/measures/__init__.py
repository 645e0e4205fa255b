"""Measures of an organisation over planned days: what was delivered, late, missed, by whom (RULES 16)."""
