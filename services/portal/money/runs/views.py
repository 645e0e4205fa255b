"""A payment run as its approver must see it (RULES 8): what payments knows of it, with open disputes and unmatched visits.

Of both the days of the period count. An approver who could not be shown them would approve without: when a service
is away, there is no answer.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import DAYS_IN_A_PERIOD
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.web.access import the_parts
from services.portal.web.people import provider_names

Row = dict[str, Any]
NONE: Row = {"number": 0, "amount": "0.00"}
VISITS_A_CALL = 500


@dataclass(frozen=True)
class Runs:
    """Payment runs as one caller may see them."""

    gateway: Gateway
    caller: Caller

    def one(self, run_id: str) -> Row:
        """The run's document. Raises Refused ``not_allowed``, ``not_found``, and ServiceUnavailable."""
        run: Row = self._ask("payments", "payment_run", run_id=run_id)
        days = {"first": run["period_start"], "last": run["period_end"]}
        disputes, unmatched = self.gateway.ask_at_once(
            self.caller, ("disputes", "open_disputes", days), ("matching", "unmatched_money", days)
        )
        self._add(run, "disputes", self._in_money(disputes))
        self._add(run, "unmatched", unmatched)
        run["organisations"].sort(key=lambda one: (not one["remarks"], one["organisation"]))
        return run

    def _add(self, run: Row, name: str, found: dict[str, Row]) -> None:
        """Write what was found to each organisation of a run and to all, also to those that it doesn't pay."""
        known = {one["organisation_id"] for one in run["organisations"]}
        others = provider_names(the_parts(), self.gateway, found.keys() - known)
        run["organisations"] += [nothing_for(one, others[one]) for one in others]
        for one in run["organisations"]:
            write(one, name, found.get(one["organisation_id"], NONE))
        whole = {
            "number": sum(one["number"] for one in found.values()),
            "amount": pounds_text(sum((Decimal(one["amount"]) for one in found.values()), NOTHING)),
        }
        write(run["in_all"], name, whole)

    def _in_money(self, disputes: Sequence[Row]) -> dict[str, Row]:
        """By organisation: how many disputes are open, and what the visits and weeks in dispute pay."""
        numbers = Counter(one["organisation_id"] for one in disputes)
        refs = sorted({(one["organisation_id"], ref) for one in disputes for ref in one["visits"]})
        weeks = sorted({(one["cpli_id"], one["monday"]) for one in disputes if one["monday"]})
        sums: dict[str, Decimal] = defaultdict(lambda: NOTHING)
        for batch in in_batches(refs):
            self._sum(sums, visits=self._matched(batch), weeks=[])
        for batch in in_batches(weeks):
            self._sum(sums, visits=[], weeks=batch)
        return {one: {"number": number, "amount": pounds_text(sums[one])} for one, number in numbers.items()}

    def _matched(self, refs: Sequence[tuple[str, str]]) -> list[list[Any]]:
        """[organisation id, VisitRef, CpliId, Monday] of the visits that have a match."""
        found = self._ask("matching", "matched_weeks", refs=[list(ref) for ref in refs])
        return list(found)

    def _sum(self, sums: dict[str, Decimal], **what: Any) -> None:
        for organisation_id, amount in self._ask("payments", "money_at_stake", **what).items():
            sums[organisation_id] += Decimal(amount)

    def _ask(self, service: str, method: str, **payload: Any) -> Any:
        return self.gateway.ask(service, method, self.caller, **payload)


def write(one: Row, name: str, found: Row) -> None:
    """Write a fact to a line, and say that it stands out."""
    one[name] = found
    if found["number"]:
        one["remarks"].append(name)


def nothing_for(organisation_id: str, name: str) -> Row:
    """The line of an organisation that is in no total of a run."""
    return {
        "organisation_id": organisation_id,
        "organisation": name,
        **dict.fromkeys(("payable", "last_payable", "change", "lacking"), "0.00"),
        "adjustments": NONE | {"size": "0.00"},
        "holds": NONE,
        "rejected": 0,
        "rejection": None,
        "remarks": [],
        "disputes": NONE,
        "biggest_items": [],
    }


def in_batches(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """As many as a call takes at a time."""
    return (rows[first : first + VISITS_A_CALL] for first in range(0, len(rows), VISITS_A_CALL))


def last_period_of(start: str) -> str:
    """The first day of the period before."""
    return (dt.date.fromisoformat(start) - dt.timedelta(days=DAYS_IN_A_PERIOD)).isoformat()
