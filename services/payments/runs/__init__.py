"""Payment runs: prepared by one person, approved by another (RULES 8)."""
