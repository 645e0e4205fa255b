"""What overlapping visits put at stake, and clients with more carers at once than the plan wants (RULES 16)."""
