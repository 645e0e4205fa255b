"""Visits files: received, checked, confirmed and applied as a whole, and shown with what was found in them."""
