"""docs/security-asvs.md: what it names is there, and its counts add up."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from deploy.local.home import PROJECT

TABLE = (PROJECT / "docs" / "security-asvs.md").read_text()
VERDICTS = ("held", "not applicable", "needs a person or a supplier", "failed")
IN_ALL = {"1": 70, "2": 183}
"""How many requirements the standard has of each level."""


def rows() -> list[list[str]]:
    """Number, level, verdict, words, evidence of each requirement."""
    found = [[cell.strip() for cell in line.strip("|").split("|")] for line in TABLE.splitlines()]
    return [row for row in found if re.fullmatch(r"\d+\.\d+\.\d+", row[0])]


def test_every_requirement_of_both_levels_is_judged_once() -> None:
    numbers = [row[0] for row in rows()]
    assert len(numbers) == len(set(numbers))
    assert Counter(row[1] for row in rows()) == IN_ALL
    assert {row[2] for row in rows()} <= set(VERDICTS)


@pytest.mark.parametrize("level", IN_ALL)
def test_the_counts_above_are_those_of_the_rows(level: str) -> None:
    counts = Counter(row[2] for row in rows() if row[1] == level)
    wanted = [level, *(str(counts[verdict]) for verdict in VERDICTS), str(IN_ALL[level])]
    assert "| " + " | ".join(wanted) + " |" in TABLE


def test_what_is_held_names_what_holds_it_and_all_that_is_named_is_there() -> None:
    for number, _, verdict, words, evidence in rows():
        named = re.findall(r"`([^`]+)`", evidence)
        assert words, number
        assert named or verdict != "held", f"{number} is held by nothing"
        for place in named:
            assert (PROJECT / place).exists(), f"{number} names {place}"


def test_the_page_about_security_leads_there() -> None:
    assert "security-asvs.md" in (PROJECT / "docs" / "security.md").read_text()
