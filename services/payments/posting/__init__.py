"""The difference between what weeks owe and what was posted becomes items and charges (RULES 7, 8)."""
