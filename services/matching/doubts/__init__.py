"""Doubts that commissioned care raises about a week of visits: found, and said to disputes."""
