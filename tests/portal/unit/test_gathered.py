"""Sections of a gathered page: who is asked for which, and what is not answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from libs.common.errors import Refused, ServiceUnavailable
from services.portal.gathered import sections
from services.portal.gathered.sections import Cell, Rows, Section, figure, gather, money


class Answers:
    """As the gateway answers: what fails is left out."""

    def answers_by_now(self, questions: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        found = {}
        for name, ask in questions.items():
            try:
                found[name] = ask()
            except (Refused, ServiceUnavailable):
                continue
        return found


def a_section(key: str, ask: Callable[[], Rows], *needs: str) -> Section:
    return Section(key, key.capitalize(), ("What",), needs or ("read",), "All", "/all", ask)


def fails(error: Exception) -> Callable[[], Rows]:
    def ask() -> Rows:
        raise error

    return ask


def test_what_is_not_answered_is_not_known_and_what_may_not_be_seen_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sections, "gateway", Answers)
    monkeypatch.setattr(sections.access, "may", lambda *needs: "read" in needs)
    rows: Rows = [(Cell("1"),)]
    wanted = [
        a_section("known", lambda: rows),
        a_section("none", list),
        a_section("stranger", fails(Refused("not_found", "There is none."))),
        a_section("away", fails(ServiceUnavailable("payments is away"))),
        a_section("refused", fails(Refused("not_allowed", "No."))),
        a_section("secret", fails(AssertionError("it was asked for")), "other"),
    ]
    found = {one.section.key: one.rows for one in gather(wanted)}
    assert found == {"known": rows, "none": [], "stranger": [], "away": None, "refused": None}


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (figure(1204), "1,204"),
        (figure("12.5 %"), "12.5 %"),
        (money("1234.5"), "£1,234.50"),
        (money("-3"), "−£3.00"),
    ],
)
def test_a_figure_is_written_as_on_other_pages(cell: Cell, text: str) -> None:
    assert (cell.text, cell.is_figure) == (text, True)
