"""Journeys have a council with all its workers."""

from tests.council_fixtures import council, idle_council

__all__ = ["council", "idle_council"]
