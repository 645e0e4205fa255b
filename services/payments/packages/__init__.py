"""What care says, kept: packages and their contracts, organisations, visit types, and which clients were merged."""
