"""What measures are taken by: thresholds, and what is one diary (RULES 16)."""
