"""What payments answers with."""
