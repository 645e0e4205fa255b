"""Packages that pay once, and the claims that stand for them (RULES 2, 10)."""
