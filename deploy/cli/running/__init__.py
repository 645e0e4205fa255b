"""The system itself: its processes, its queues, and who may use it."""
