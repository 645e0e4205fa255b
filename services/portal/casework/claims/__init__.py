"""One-off claims: begun and submitted by a provider with its client items, decided by the council."""
