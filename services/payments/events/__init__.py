"""The public events: numbered without a gap, and what is said of items, moves and charges."""
