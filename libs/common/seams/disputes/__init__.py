"""What disputes answers with."""
