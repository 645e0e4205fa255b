"""Invoices and credit notes of providers (RULES 13): what is owed is invoiced, accepted, and only then paid."""
