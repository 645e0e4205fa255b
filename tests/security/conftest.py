"""One council that all promises are tried on, and the table of what came of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.api_council import ApiCouncil, shared
from tests.journeys.every_object import a_council, objects_of
from tests.security.promises import SEED, TIMES, Site

__all__ = ["a_council", "shared"]


@pytest.fixture(scope="module")
def site(a_council: ApiCouncil) -> Site:
    return Site(a_council, objects_of(a_council))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Promise, tries, failures; and how many tests of other files broke."""
    rows = list(_rows(terminalreporter))
    if not rows:
        return
    terminalreporter.section(f"promises about security, seed {SEED}, times {TIMES}")
    terminalreporter.write_line(f"{'tries':>9} {'failures':>9}  promise")
    for name, tries, failures in rows:
        terminalreporter.write_line(f"{tries:>9,} {failures:>9,}  {name}")
    broken = sum(failures for _, _, failures in rows)
    terminalreporter.write_line(f"{sum(tries for _, tries, _ in rows):>9,} {broken:>9,}  in all")


def _rows(terminalreporter: Any) -> Iterator[tuple[str, int, int]]:
    others: dict[str, list[bool]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            said = dict(report.user_properties)
            if "promise" in said:
                yield said["promise"], said["tries"], said["failures"]
            else:
                others.setdefault(report.nodeid.partition("::")[0], []).append(outcome == "passed")
    for place, passed in sorted(others.items()):
        yield f"the tests of {place}", len(passed), passed.count(False)
