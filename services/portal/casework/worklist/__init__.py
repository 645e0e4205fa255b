"""The worklist of doubts, to be raised as disputes or dismissed, and samples of care that are looked at."""
