"""Payment periods: which are open, what they hold, their remittance advice, and what providers answer (RULES 8)."""
