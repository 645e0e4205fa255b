"""A provider's page of KPIs: a quarter's measures, disputes, files and meetings, beside the quarter before (RULES 16)."""
