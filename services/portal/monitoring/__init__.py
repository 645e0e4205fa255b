"""How providers do: measures, and what is delivered less than commissioned (RULES 16)."""
