"""Disputes: raised by the council on visits or a week, listed, answered, resolved."""
