"""A period is frozen for good: its sums, debts and remittances (RULES 8)."""
