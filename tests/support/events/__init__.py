"""Public events: as they are described, kept, and heard by another system."""
