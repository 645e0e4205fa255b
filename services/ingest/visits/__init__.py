"""Visits that are stored: each with its versions, entered, corrected, deleted, and said as `visits_changed`."""
