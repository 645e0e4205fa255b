"""What of a provider's files fits nothing, looked for before it goes live (RULES 16)."""
