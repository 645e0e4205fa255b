"""The optional pay rules of a contract: set from a date on, and what they make of a visit's time and rate (RULES 6)."""
