"""Two clients who are one person: what merging them would do, and doing it."""
