"""A section of a gathered page: a few newest rows of a list, and the link to the list that is limited to it.

All sections are asked for at once. What is not answered within a second is *not known*, and never taken for nothing;
what a role may not see is neither asked for nor named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from libs.common.errors import Refused
from services.portal.web import access
from services.portal.web.calls import gateway
from services.portal.web.formats import pounds

SHOWN: Final = 5
"""So many rows of each list."""


class Cell(NamedTuple):
    """What stands in a table, and what it opens; ``is_figure``: a number, which stands at the right."""

    text: str
    href: str | None = None
    is_figure: bool = False


Rows = list[tuple[Cell, ...]]


@dataclass(frozen=True)
class Section:
    """What of a client or provider is looked at.

    key: its anchor. needs: rights of which the reader has one. all_words, all_href: the list that it is of. ask: for its
    rows, by quick clients.
    """

    key: str
    heading: str
    columns: Sequence[str]
    needs: tuple[str, ...]
    all_words: str
    all_href: str
    ask: Callable[[], Rows]


@dataclass(frozen=True)
class Gathered:
    """A section with its rows; None for what was not answered in time."""

    section: Section
    rows: Rows | None


def gather(sections: Sequence[Section]) -> list[Gathered]:
    """Those of the sections that the reader may see, as far as services say them now."""
    seen = [one for one in sections if access.may(*one.needs)]
    answers = gateway().answers_by_now({one.key: _or_nothing(one.ask) for one in seen})
    return [Gathered(one, answers.get(one.key)) for one in seen]


def figure(number: int | str, href: str | None = None) -> Cell:
    """A number that opens what made it."""
    return Cell(f"{number:,}" if isinstance(number, int) else number, href, is_figure=True)


def money(amount: str, href: str | None = None) -> Cell:
    """Pounds, and what made them."""
    return Cell(pounds(amount), href, is_figure=True)


def _or_nothing(ask: Callable[[], Rows]) -> Callable[[], Rows]:
    """The same, with no rows of what the service has never heard of."""

    def asked() -> Rows:
        try:
            return ask()
        except Refused as refused:
            if refused.code != "not_found":
                raise
            return []

    return asked
