"""One page a client, one a provider: what exists of either is gathered from the lists that hold it (RULES 20)."""
