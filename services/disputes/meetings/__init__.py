"""Meetings with providers: their notes, which the council keeps and may share (RULES 16)."""
