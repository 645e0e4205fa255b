"""Visits files in figures: rows, rejected ones, and which weeks came late (RULES 15, 16)."""
