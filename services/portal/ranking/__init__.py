"""Best value ranked lists: lists and terms for the council, a provider's own place, appeals (RULES 16)."""
