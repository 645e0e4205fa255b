"""Organisations by name and by id, and the one that a question is limited to."""
