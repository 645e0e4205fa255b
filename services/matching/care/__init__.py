"""Commissioned care as it stands, for whoever matches or shows it: its lock and versions, terms, plans and days of suspension."""
