"""Decisions about CPLIs' weeks, for whoever has them today (RULES 8)."""

import datetime as dt
from decimal import Decimal

from tests.oracle.facts.care import Care
from tests.oracle.facts.values import PERIOD
from tests.oracle.money.holds import Decision, Holds
from tests.oracle.money.periods import Periods


class Holding:
    """Holds weeks of care, and says what is held."""

    def __init__(self, care: Care, periods: Periods) -> None:
        self.care, self.periods = care, periods
        self.holds = Holds()

    def hold(self, cpli_id: int, monday: dt.date, kind: str, charge: str | None) -> None:
        """Cancel, suspend or carry forward a week; the client is charged as by default where nothing is said."""
        package = self.care.packages[cpli_id]
        opens = self.periods.opens(monday, self.care.contract_of(package))
        pays_from = opens + PERIOD if kind == "carry-forward" else None
        charge = charge or ("nothing" if kind == "cancel" else "keep")
        self._decide(cpli_id, monday, Decision(kind, charge, package.organisation, package.client, pays_from))

    def release(self, cpli_id: int, monday: dt.date, charge: str | None) -> None:
        """Pay what of a week is held."""
        before = self.hold_of(cpli_id, monday)
        assert before is not None
        holder = before.organisation, before.client
        held = max(self.holds.cost_held((cpli_id, monday), holder, before), Decimal())
        self._decide(cpli_id, monday, Decision("release", charge or "keep", *holder, released=held))

    def _decide(self, cpli_id: int, monday: dt.date, decision: Decision) -> None:
        before = self.hold_of(cpli_id, monday)
        if before and (before.organisation, before.client) != (decision.organisation, decision.client):
            before = None
        self.holds.decide((cpli_id, monday), decision, before, lambda of: self.periods.opens(monday, of))

    def hold_of(self, cpli_id: int, monday: dt.date) -> Decision | None:
        """The hold of a week that is in force, whoever holds the CPLI now."""
        found = self.holds.newest.get((cpli_id, monday))
        opens = self.periods.opens(monday, self.care.contract_of(self.care.packages[cpli_id]))
        return found if found and found.holds(opens) else None

    def weeks_held(self) -> dict[tuple[int, dt.date], tuple[str, str, Decimal]]:
        """The weeks that are held: kind, charge, and what waits."""
        found = {}
        for week in self.holds.newest:
            hold = self.hold_of(*week)
            if hold:
                found[week] = hold.kind, hold.charge, self.holds.amount_held(week, hold)
        return found

    def left_out(self, cpli_id: int, monday: dt.date) -> tuple[bool, Decimal]:
        """Whether today's holder's week is held, and what of its cost is not charged."""
        week, holder = (cpli_id, monday), self.care.holder_of(cpli_id)
        newest = self.holds.newest.get(week)
        if newest is None or (newest.organisation, newest.client) != holder:
            return False, Decimal()
        hold = self.hold_of(*week)
        if newest.charge == "keep":
            return hold is not None, Decimal()
        if newest.kind == "release":
            return False, newest.released
        left_out = self.holds.cost_held(week, holder, hold) if hold else Decimal()
        return hold is not None, max(left_out, Decimal())
