"""The lists that the council changes: service levels, and what of visit types is paid and charged."""
