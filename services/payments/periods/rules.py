"""Which payment periods are open, and where a week is posted (RULES 8). Pure: values in, values out."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from libs.common.care.weeks import (
    DEFAULT_GRID_MONDAY,
    next_period,
    period_start_of,
)
from libs.common.errors import Refused


@dataclass(frozen=True, slots=True)
class Periods:
    """Which periods are finalised: the start of the last one, by contract and (key None) for all."""

    grid_monday: date
    finalised_through: Mapping[str | None, date]

    def through(self, contract: str | None) -> date | None:
        """The start of the last finalised period of a contract."""
        known = [self.finalised_through[key] for key in (None, contract) if key in self.finalised_through]
        return max(known) if known else None

    def for_week(self, monday: date, contract: str | None) -> date:
        """RULES 8: a week posts to its own period while that is open, else to the earliest open one."""
        own = period_start_of(monday, self.grid_monday)
        through = self.through(contract)
        return own if through is None or own > through else next_period(through)


def state_of(periods: Periods, start: dt.date, contracts: Iterable[str]) -> str:
    """``current``, ``finalised``, or ``partially finalised`` while some contracts are open."""
    if is_finalised(periods, start, None):
        return "finalised"
    closed = [is_finalised(periods, start, contract) for contract in contracts]
    if closed and all(closed):
        return "finalised"
    return "partially finalised" if any(closed) else "current"


def contracts_by_state(
    periods: Periods, start: dt.date, contracts: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Those of these contracts under which a period is finalised, and those under which it is open."""
    finalised: list[str] = []
    still_open: list[str] = []
    for contract in contracts:
        (finalised if is_finalised(periods, start, contract) else still_open).append(contract)
    return finalised, still_open


def is_finalised(periods: Periods, start: dt.date, contract: str | None) -> bool:
    """Whether a period is finalised for a contract (None: for all)."""
    through = periods.through(contract)
    return through is not None and start <= through


def refuse_off_grid(start: dt.date) -> None:
    """Raises Refused ``not_a_period`` for a day on which no period starts."""
    nearest = period_start_of(start, DEFAULT_GRID_MONDAY)
    if nearest != start:
        raise Refused(
            "not_a_period", f"No payment period starts on {start}; the one that holds it starts on {nearest}."
        )
