"""CPLIs of which less, or more, is delivered than commissioned, week after week (RULES 16)."""
