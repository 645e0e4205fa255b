"""All services of a council in the test's own process."""
