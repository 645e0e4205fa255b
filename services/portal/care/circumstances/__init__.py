"""Clients' dated circumstances, as other systems of the council read and change them (RULES 1, 2)."""
