"""Requisitions of care, offered down a frozen ranking: accepted, declined, lapsed, skipped, withdrawn."""
