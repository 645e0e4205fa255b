"""What the council and providers settle, stated once for disputes and the portal (RULES 9 to 12, 16)."""
