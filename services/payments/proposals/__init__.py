"""What needs two people in payments, and what it would change in money (RULES 8)."""
