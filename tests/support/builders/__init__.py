"""Builders of what is tested: each gives something ordinary, but for what is said."""
