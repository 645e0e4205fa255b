"""A payment run as its approver must see it (RULES 8): what payments knows of it, with open disputes and unmatched visits.

Of both the days of the period count. An approver who could not be shown them would approve without: when a service
is away, there is no answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import DAYS_IN_A_PERIOD
from libs.common.rpc import Caller
from libs.common.seams.matching.matches import UnmatchedMoney
from libs.common.seams.payments.runs import Counted, RunOfOrganisation, RunSums, RunWithLimits
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.money.disputed import disputes_in_money
from services.portal.web.access import the_parts
from services.portal.web.names.organisations import provider_names

NONE: Counted = {"number": 0, "amount": "0.00"}


class SumsSeen(RunSums):
    """What stands out, with what other services know."""

    disputes: Counted
    unmatched: Counted


class LineSeen(RunOfOrganisation):
    """An organisation's line, likewise; of one that the run does not pay, too."""

    disputes: Counted
    unmatched: Counted


class RunSeen(RunWithLimits):
    """A run with what other services know."""

    in_all: SumsSeen
    organisations: list[LineSeen]


@dataclass(frozen=True)
class Runs:
    """Payment runs as one caller may see them."""

    gateway: Gateway
    caller: Caller

    @property
    def payments(self) -> PaymentsClient:
        return PaymentsClient(self.gateway, self.caller)

    @property
    def matching(self) -> MatchingClient:
        return MatchingClient(self.gateway, self.caller)

    def describe(self, run_id: str) -> RunSeen:
        """The run's document. Raises Refused ``not_allowed``, ``not_found``, and ServiceUnavailable."""
        run = self.payments.payment_run(run_id=run_id)
        days = {"first": run["period_start"], "last": run["period_end"]}
        asked = DisputesClient(self.gateway, self.caller)
        found, in_money = self.gateway.both(
            lambda: asked.open_disputes(**days), lambda: self.matching.unmatched_money(**days)
        )
        unmatched = count_unmatched(in_money)
        disputes = disputes_in_money(self.payments, self.matching, found)
        lines = [
            see_line(line, disputes, unmatched)
            for line in [*run["organisations"], *self._list_others(run["organisations"], disputes, unmatched)]
        ]
        return {
            "run_id": run["run_id"],
            "period_start": run["period_start"],
            "prepared_by": run["prepared_by"],
            "prepared_at": run["prepared_at"],
            "reason": run["reason"],
            "decided_by": run["decided_by"],
            "decided_at": run["decided_at"],
            "period_end": run["period_end"],
            "contract": run["contract"],
            "state": run["state"],
            "payable": run["payable"],
            "last_payable": run["last_payable"],
            "percent": run["percent"],
            "pounds": run["pounds"],
            "is_finalised": run["is_finalised"],
            "is_still_payable": run["is_still_payable"],
            "in_all": see_sums(run["in_all"], count_all(disputes), count_all(unmatched)),
            "organisations": sorted(lines, key=lambda one: (not one["remarks"], one["organisation"])),
        }

    def _list_others(
        self, lines: Iterable[RunOfOrganisation], *found: Mapping[str, Counted]
    ) -> list[RunOfOrganisation]:
        """Lines of those who are in no total of the run, but of whom other services know something."""
        ids = {one for by_id in found for one in by_id} - {one["organisation_id"] for one in lines}
        names = provider_names(the_parts(), self.gateway, ids)
        return [line_of_nothing(one, name) for one, name in names.items()]


def see_line(
    line: RunOfOrganisation, disputes: Mapping[str, Counted], unmatched: Mapping[str, Counted]
) -> LineSeen:
    """An organisation's line with what other services know of it."""
    of_disputes = disputes.get(line["organisation_id"], NONE)
    of_unmatched = unmatched.get(line["organisation_id"], NONE)
    return {
        **line,
        "remarks": remarks_with(line["remarks"], of_disputes, of_unmatched),
        "disputes": of_disputes,
        "unmatched": of_unmatched,
    }


def see_sums(sums: RunSums, disputes: Counted, unmatched: Counted) -> SumsSeen:
    """What stands out, with what other services know."""
    remarks = remarks_with(sums["remarks"], disputes, unmatched)
    return {**sums, "remarks": remarks, "disputes": disputes, "unmatched": unmatched}


def remarks_with(remarks: Sequence[str], disputes: Counted, unmatched: Counted) -> list[str]:
    """What is said of a line when there are disputes or unmatched visits too."""
    found = {"disputes": disputes, "unmatched": unmatched}
    return [*remarks, *(name for name, counted in found.items() if counted["number"])]


def count_unmatched(found: Mapping[str, UnmatchedMoney]) -> dict[str, Counted]:
    """Visits without a match, by organisation."""
    return {one: {"number": of["number"], "amount": of["amount"]} for one, of in found.items()}


def count_all(found: Mapping[str, Counted]) -> Counted:
    """All organisations together."""
    amounts = (Decimal(one["amount"]) for one in found.values())
    return {
        "number": sum(one["number"] for one in found.values()),
        "amount": pounds_text(sum(amounts, NOTHING)),
    }


def line_of_nothing(organisation_id: str, name: str) -> RunOfOrganisation:
    """The line of an organisation that is in no total of a run."""
    return {
        "organisation_id": organisation_id,
        "organisation": name,
        "payable": "0.00",
        "last_payable": "0.00",
        "change": "0.00",
        "lacking": "0.00",
        "adjustments": {**NONE, "size": "0.00"},
        "holds": NONE,
        "rejected": 0,
        "first_payments": 0,
        "rejection": None,
        "remarks": [],
        "biggest_items": [],
    }


def last_period_of(start: str) -> str:
    """The first day of the period before."""
    return (dt.date.fromisoformat(start) - dt.timedelta(days=DAYS_IN_A_PERIOD)).isoformat()
