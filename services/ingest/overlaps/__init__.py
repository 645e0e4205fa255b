"""Pairs of visits in which one carer is in two places at once."""
