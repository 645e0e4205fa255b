"""How tests are spread over pytest's workers: a file stays whole, and files that share something costly stay together."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling

COSTLY = ("stack", "api_council", "killable_of_all")
"""Fixtures that a worker starts once, for all tests of a group."""

BY_FOLDER = ("api_council",)
"""Tests that have these take so long that each folder's are a group: else one worker would be left alone with them."""

FOLDERS = ("journeys", "browser", "security", "faults", "database", "broker", "unit")
"""The longest first, so that no worker is left alone with them; what kills processes of a shared stack after others."""


class FilesAndGroups(LoadGroupScheduling):
    """Hands out whole groups, and whole files of tests that are in none."""

    def _split_scope(self, nodeid: str) -> str:
        return super()._split_scope(nodeid).partition("::")[0]


def spread(items: list[pytest.Item]) -> None:
    """Say of each test with whom it goes, and put all in order."""
    costly = {
        item.path: fixture
        for item in items
        for fixture in COSTLY
        if fixture in getattr(item, "fixturenames", ())
    }

    def place(item: pytest.Item) -> tuple[int, int]:
        fixture = costly.get(item.path)
        return COSTLY.index(fixture) if fixture else len(COSTLY), FOLDERS.index(folder_of(item))

    items.sort(key=place)
    for item in items:
        if item.path in costly:
            fixture = costly[item.path]
            group = f"{fixture}-{folder_of(item)}" if fixture in BY_FOLDER else fixture
            item.add_marker(pytest.mark.xdist_group(group))


def folder_of(item: pytest.Item) -> str:
    """The folder of its kind that a test is in: `journeys`, or `unit` of a service's own."""
    parts = item.path.relative_to(Path(__file__).parents[2]).parts
    return next(part for part in parts if part in FOLDERS)


def check_groups(items: list[pytest.Item]) -> None:
    """Raises UsageError when a worker of pytest-xdist has not been told of a group: all would be several times slower."""
    for item in items:
        if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
            raise pytest.UsageError(f"pytest-xdist does not know the group of {item.nodeid}.")
