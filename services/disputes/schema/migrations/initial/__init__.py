"""What the first migration creates, by subject. As frozen as the migration itself."""
