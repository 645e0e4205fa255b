"""What an organisation owes after a period below nothing, and how it comes off (RULES 8)."""
