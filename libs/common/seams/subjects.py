"""What a service says of a person whose data it holds: which parts there are, and their rows (RULES 20)."""

from __future__ import annotations

from typing import TypedDict

Cell = str | int | None


class HeldPart(TypedDict):
    """A part, as `libs.common.subjects.parts.Part` describes it."""

    name: str
    title: str
    words: str
    headings: list[str]
    is_prose: bool
    by_visits: bool


class HeldRows(TypedDict):
    """Rows of a part, a cell for each heading; ``after``: the place of the last one, None at the end."""

    rows: list[list[Cell]]
    after: str | None


class AskedAbout(TypedDict):
    """A person as services are asked about them: ids of clients, identifiers with the days for which each names the
    person, line items, and visits by organisation's id and VisitRef for a part that is asked by visits."""

    client_ids: list[str]
    meant: list[tuple[str, str, str]]
    cpli_ids: list[int]
    visits: list[tuple[str, str]]


class VisitsOfSubject(TypedDict):
    """Visits by organisation's id and VisitRef; ``after``: as above."""

    visits: list[tuple[str, str]]
    after: str | None
