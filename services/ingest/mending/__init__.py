"""Rows of a checked file that have the same fault and the same mend (RULES 4)."""
