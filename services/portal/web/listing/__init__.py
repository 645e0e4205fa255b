"""Every list of the portal says how many there are in all, and can be taken as CSV: one mechanism (RULES 20)."""
