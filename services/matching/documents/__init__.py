"""Contract documents: published as care changes, listed, agreed or rejected."""
