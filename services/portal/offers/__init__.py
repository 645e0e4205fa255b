"""Requisitions of care as the council offers them down a ranking, and offers as providers answer them (RULES 16)."""
