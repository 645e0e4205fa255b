"""What the council and a provider settle between them, and the worklist from which disputes are raised."""
