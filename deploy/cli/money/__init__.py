"""Money: books, periods, holds, invoices, contracts, runs and debts."""
