"""What contracts and services say of invoices: terms, VAT rates and registration numbers (RULES 13)."""
