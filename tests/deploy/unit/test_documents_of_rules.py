"""The rules and the design are in the repository, and every section that the code cites is there."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
HEADINGS = re.compile(r"^#{2,3} (\d+(?:\.\d+)?)\.? ", re.MULTILINE)
CITED = re.compile(r"\b(RULES|DESIGN)((?:,? (?:and |to |)\d+(?:\.\d+)?)+)")
NUMBERED = re.compile(r"\b(RULES|DESIGN)\b|\[00\d\]")
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


def list_files(*patterns: str) -> list[str]:
    """The files of the repository that are called so."""
    found = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True)
    return found.stdout.splitlines()


def strings_of(module: str) -> Iterator[str]:
    """What a module may say to people: its texts, but for what stands under a definition to explain it."""
    tree = ast.parse(module)
    explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explained:
            yield node.value


def test_what_people_read_says_a_rule_in_words() -> None:
    """They have no page of ours with numbered sections; comments and docstrings cite those."""
    modules = list_files("services/*.py", "libs/*.py", "deploy/*.py")
    texts = [(path, text) for path in modules for text in strings_of((ROOT / path).read_text("utf-8"))]
    for path in list_files("services/*.html"):
        texts.append((path, re.sub(r"{#.*?#}", "", (ROOT / path).read_text("utf-8"), flags=re.DOTALL)))
    assert [(path, text) for path, text in texts if NUMBERED.search(text)] == []


def test_every_section_that_is_cited_exists() -> None:
    missing = [
        f"{path}: {page} {number}"
        for path in list_files("*.py", "*.md", "*.html")
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
