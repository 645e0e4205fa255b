"""A sample of a week’s care, picked to be looked at."""
