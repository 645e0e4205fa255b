"""Two clients become one: what that moves in money, and their weeks charged anew (RULES 2)."""
