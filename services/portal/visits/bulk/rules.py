"""Cells of visits, all of one kind, that are given another value at once (RULES 4, 20). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Cell(NamedTuple):
    """The heading that is given the value, and those that say the same and would contradict it."""

    heading: str
    emptied: tuple[str, ...] = ()


CELLS: Final = {
    "client": Cell("SSRef", ("ClientRef", "NHSNumber")),
    "service": Cell("ServiceName", ("ServiceRef",)),
    "service_level": Cell("ServiceLevel", ("ServiceLevelRef",)),
    "visit_type": Cell("VisitType"),
    "carer": Cell("CarerRef"),
}
"""What can be mended in many rows at once, by the name that a form has for it."""


def mended(cells: Mapping[str, str], chosen: Mapping[str, str]) -> dict[str, str]:
    """The cells with what was chosen in place; an empty choice leaves what is there."""
    found = dict(cells)
    for name, value in chosen.items():
        if name in CELLS and value:
            found[CELLS[name].heading] = value
            found |= dict.fromkeys(CELLS[name].emptied, "")
    return found
