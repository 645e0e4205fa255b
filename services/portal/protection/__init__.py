"""Data protection (RULES 20): who looked at a client, and a person's data taken along."""
