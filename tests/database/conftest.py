"""Tests of steps on a database alone have a council with nobody at work."""

from tests.council_fixtures import idle_council, with_all_schemas

__all__ = ["idle_council", "with_all_schemas"]
