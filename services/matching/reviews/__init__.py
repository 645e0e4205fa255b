"""A review that was approved becomes a second care package line item."""
