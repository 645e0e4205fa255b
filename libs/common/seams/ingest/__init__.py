"""What ingest answers with."""
