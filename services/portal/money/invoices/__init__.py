"""Invoices and credit notes of providers (RULES 13)."""
