"""References of clients that fit no care of an organisation, looked for before it goes live (RULES 16)."""
