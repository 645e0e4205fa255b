"""Weeks of the demonstration's providers that are paid by actuals, entered as their offices would enter them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from typing import Any

from deploy.dev.sending import Office

FRUSTRATED, AWAY = 0.04, 0.06
"""Of a hundred lines, so many of which the carer stood before a closed door, and so many that were called off."""

Line = dict[str, Any]


def enter_weeks(offices: Iterable[Office], mondays: Iterable[dt.date], chance: random.Random) -> int:
    """Generate and save these weeks; how many of a line item there are."""
    entered = 0
    weeks = list(mondays)
    for office in offices:
        for monday in weeks:
            for actual in office.generates_actuals(monday):
                office.saves_actual(actual, [as_delivered(line, chance) for line in actual["lines"]])
                entered += 1
    return entered


def as_delivered(line: Line, chance: random.Random) -> Line:
    """What became of a planned line: nearly always what was planned."""
    planned, turn = line["planned_seconds"], chance.random()
    said = {"first_on": line["first_on"], "last_on": line["last_on"]}
    if turn < FRUSTRATED:
        return said | {"delivered_seconds": 0, "frustrated_seconds": planned, "comment": "Nobody opened"}
    if turn < FRUSTRATED + AWAY:
        return said | {"delivered_seconds": 0, "comment": "Away with the family"}
    return said | {"delivered_seconds": planned}
