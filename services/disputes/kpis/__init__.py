"""What a provider's page of KPIs says of disputes, and how long its span is (RULES 16)."""
