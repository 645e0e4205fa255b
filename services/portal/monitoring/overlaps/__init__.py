"""A carer in two places, more carers than planned, and what counts as either (RULES 16)."""
