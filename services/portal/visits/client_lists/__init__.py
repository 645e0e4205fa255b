"""Client lists checked against the care package line items."""
