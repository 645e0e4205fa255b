"""Filters that a holder saves: a name and what a page is limited to (RULES 20)."""
