"""Money that the council posts by hand: an item of its own kind (RULES 8)."""
