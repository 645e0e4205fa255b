"""Weeks of organisations of which something changed since they were measured (RULES 16)."""
