"""Weeks of care that providers enter (RULES 13)."""
