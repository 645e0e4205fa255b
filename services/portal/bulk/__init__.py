"""What is done to many rows at once: shown in money before it is done, and told afterwards (RULES 20)."""
