"""Actuals: what was delivered, week by week, where no visits are sent (RULES 13)."""
