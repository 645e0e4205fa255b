"""One-off claims: the hospital incentive is claimed for clients' stays, worked out by H visits, and decided."""
