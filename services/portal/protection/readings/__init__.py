"""Who looked at a client, as evidence says it (decisions 46 and 51)."""
