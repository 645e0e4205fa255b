"""Subject access: all that is held about one person, as a folder of readable files (RULES 20, decision 51)."""
