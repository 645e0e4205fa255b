"""Commissioned care against actuals, exceptions among pending payments, and what waits (RULES 15)."""
