"""What services hold about one person, read part by part (RULES 20, subject access)."""
