"""What matching answers with."""
