"""Visits files: sent, checked, updated or cancelled, and what became of their visits."""
