"""Rejected rows of a visits file corrected on a page, and checked again as a file of their own (RULES 4)."""
