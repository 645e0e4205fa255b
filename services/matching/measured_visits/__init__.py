"""Which visits, slots or line items made a measure (RULES 16)."""
