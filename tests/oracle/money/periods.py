"""Which payment periods are final, and where what is posted goes (RULES 8)."""

import datetime as dt

from tests.oracle.facts.values import PERIOD, period_of


class Periods:
    """How far periods are final, for all and by contract."""

    def __init__(self) -> None:
        self.all_final_through = dt.date.min
        self.final_through_of: dict[str, dt.date] = {}

    def finalise(self, start: dt.date, contract: str | None, contracts: set[str]) -> None:
        """Freeze a period and all before it, for a contract or for all; those that all contracts froze are final."""
        if contract is None:
            self.all_final_through = max(self.all_final_through, start)
            return
        self.final_through_of[contract] = max(self.final_through_of.get(contract, dt.date.min), start)
        by_each = min(self.final_through_of.get(each, dt.date.min) for each in contracts)
        self.all_final_through = max(self.all_final_through, by_each)

    def final_through(self, contract: str) -> dt.date:
        """The last period that is final for a contract."""
        return max(self.all_final_through, self.final_through_of.get(contract, dt.date.min))

    def opens(self, day: dt.date, contract: str) -> dt.date:
        """A day's own period, or the earliest open one of a contract once that is final."""
        through = self.final_through(contract)
        own = period_of(day)
        return own if own > through else through + PERIOD
