"""Payment items: how they are posted, stand in a period and explain themselves, and the moves that are kept of them."""
