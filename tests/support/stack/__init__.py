"""Whole local stacks, and what is imported into them."""
