"""What reports read of care and of visits without a match."""
