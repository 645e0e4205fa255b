"""What was told: commissioned care and visits, read from files by the rules alone."""
