"""Reports (RULES 15): declarations, one a file, and what makes screen, CSV and PDF of any of them."""
