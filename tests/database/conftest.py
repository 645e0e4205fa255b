"""Tests of steps on a database alone have a council with nobody at work."""

from tests.council_fixtures import idle_council

__all__ = ["idle_council"]
