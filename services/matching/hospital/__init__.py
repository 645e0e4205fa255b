"""What care and visits say about stays in hospital, for one-off claims."""
