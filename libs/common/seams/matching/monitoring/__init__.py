"""What matching answers about how providers do (RULES 16)."""
