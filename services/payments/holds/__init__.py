"""CPLI-weeks that are held and released, and single items that are moved (RULES 8)."""
