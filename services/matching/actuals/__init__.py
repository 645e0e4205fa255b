"""What providers saved week by week is taken, and said as weeks of care (RULES 13)."""
