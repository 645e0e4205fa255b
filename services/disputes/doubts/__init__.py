"""Doubts that other services find in a week's data, and samples: kept, shown, dismissed, or raised as disputes."""
