"""The rules and the design are in the repository, and every section that the code cites is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEADINGS = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", re.MULTILINE)
CITED = re.compile(r"\b(RULES|DESIGN)((?:,? (?:and |to |)\d+(?:\.\d+)?)+)")
PAGES = {"RULES": "docs/rules.md", "DESIGN": "docs/design.md"}


def sections_of(name: str) -> set[str]:
    """The numbers of a page's sections."""
    return set(HEADINGS.findall((ROOT / PAGES[name]).read_text()))


def cited_in(text: str) -> set[tuple[str, str]]:
    """(page, section) of everything that a text cites: `RULES 7, 8` is two."""
    return {
        (page, number)
        for page, numbers in CITED.findall(text)
        for number in re.findall(r"\d+(?:\.\d+)?", numbers)
    }


def test_every_section_that_is_cited_exists() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "*.py", "*.md", "*.html"], cwd=ROOT, capture_output=True, text=True
    )
    missing = [
        f"{path}: {page} {number}"
        for path in listed.stdout.splitlines()
        for page, number in sorted(cited_in((ROOT / path).read_text(encoding="utf-8")))
        if number not in sections_of(page)
    ]
    assert not missing


@pytest.mark.parametrize(("page", "sections"), [("RULES", 20), ("DESIGN", 8)])
def test_the_pages_have_their_sections(page: str, sections: int) -> None:
    assert {str(number) for number in range(1, sections + 1)} <= sections_of(page)


def test_a_citation_of_several_sections_is_all_of_them() -> None:
    assert cited_in("as RULES 7, 8 and 15 say; DESIGN 4.1") == {
        ("RULES", "7"), ("RULES", "8"), ("RULES", "15"), ("DESIGN", "4.1"),
    }  # fmt: skip
