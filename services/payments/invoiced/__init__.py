"""What posting and charges know of invoices: weeks that are payable by invoice alone, and what was accepted of them."""
