"""What of a provider's rows fits nothing (RULES 16)."""
