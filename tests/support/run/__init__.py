"""The test run: its folder, servers, databases, and how tests are spread over workers."""
