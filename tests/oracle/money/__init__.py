"""What it comes to: weeks, charges, one-offs, holds, debts, and what is posted when."""
