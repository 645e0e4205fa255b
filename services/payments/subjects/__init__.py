"""What this service holds about a person, for whoever asks for their own data (RULES 20)."""
