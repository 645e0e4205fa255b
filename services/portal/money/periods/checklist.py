"""What there is to look at before a period is finalised (RULES 8), as the services that own it say it.

Payments must answer: without it there is nothing to finalise. What another service does not say in time is not known,
and is never taken for nothing. Unmatched visits, disputes and rejected rows are those of all contracts: until they are
settled they belong to none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NotRequired, TypedDict

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.seams.payments.finalising import FinalisingChecklist
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import CALL_SECONDS, Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.money.disputed import disputes_in_money

CHECKS = (
    "without_visits",
    "unmatched",
    "disputes",
    "holds",
    "below_nothing",
    "debts",
    "rejected_rows",
    "difference",
)
"""In the order of RULES 8."""
OF_ALL_CONTRACTS = ("unmatched", "disputes", "rejected_rows")


class ChecklistLine(TypedDict):
    """What of a check is an organisation's: of a contract, a week (by its Monday) or a file where it says one."""

    organisation: str
    contract: NotRequired[str]
    week: NotRequired[str]
    file_id: NotRequired[str]
    file_name: NotRequired[str]
    number: NotRequired[int]
    amount: NotRequired[str]


class Check(TypedDict):
    """One line of the checklist: how many there are and what they come to in pounds, None where that says nothing.

    ``is_known`` is false where a service did not answer; ``is_complete`` where there may be more than ``number``.
    """

    name: str
    is_known: bool
    is_complete: bool
    number: int | None
    amount: str | None
    lines: list[ChecklistLine]


class Checklist(TypedDict):
    """What finalising freezes, whether it may be done now, and what there is to look at before."""

    start: str
    end: str
    contract: str | None
    state: str
    freezes: list[str]
    finalised_contracts: list[str]
    refusal: str | None
    payable: str
    last_payable: str
    checks: list[Check]


@dataclass(frozen=True)
class Checklists:
    """Checklists as one caller may see them."""

    gateway: Gateway
    caller: Caller

    @property
    def matching(self) -> MatchingClient:
        return MatchingClient(self.gateway, self.caller)

    @property
    def payments(self) -> PaymentsClient:
        return PaymentsClient(self.gateway, self.caller)

    def describe(self, start: str, contract: str | None) -> Checklist:
        """The checklist of a period, for one contract or for all that are open.

        Raises Refused ``not_allowed``, ``not_a_period``, ``unknown_contract``, and ServiceUnavailable without payments.
        """
        found = self.payments.finalising_checklist(start=start, contract=contract)
        questions: dict[str, Callable[[], Check]] = {
            "without_visits": lambda: self._without_visits(found),
            "unmatched": lambda: self._unmatched(found),
            "disputes": lambda: self._disputes(found),
            "rejected_rows": lambda: self._rejected_rows(found),
        }
        answers = self.gateway.answers_by_now(questions, seconds=CALL_SECONDS)
        answers |= checks_of_payments(found)
        return {
            "start": found["start"],
            "end": found["end"],
            "contract": found["contract"],
            "state": found["state"],
            "freezes": found["freezes"],
            "finalised_contracts": found["finalised_contracts"],
            "refusal": found["refusal"],
            "payable": found["payable"],
            "last_payable": found["last_payable"],
            "checks": [answers.get(name) or unknown(name) for name in CHECKS],
        }

    def _without_visits(self, found: FinalisingChecklist) -> Check:
        days = {"first": found["start"], "last": found["end"]}
        expected = self.matching.expected_weeks(contracts=found["freezes"], **days)
        sent = set(IngestClient(self.gateway, self.caller).sent_weeks(**days))
        lines: list[ChecklistLine] = [
            {"organisation": week.organisation, "week": week.monday}
            for week in expected
            if (week.organisation_id, week.monday) not in sent
        ]
        return known("without_visits", len(lines), None, lines)

    def _unmatched(self, found: FinalisingChecklist) -> Check:
        by_id = self.matching.unmatched_money(first=found["start"], last=found["end"])
        return self._counted("unmatched", {one: (of["number"], of["amount"]) for one, of in by_id.items()})

    def _disputes(self, found: FinalisingChecklist) -> Check:
        asked = DisputesClient(self.gateway, self.caller)
        disputes = asked.open_disputes(first=found["start"], last=found["end"])
        by_id = disputes_in_money(self.payments, self.matching, disputes)
        return self._counted("disputes", {one: (of["number"], of["amount"]) for one, of in by_id.items()})

    def _counted(self, name: str, by_id: Mapping[str, tuple[int, str]]) -> Check:
        """Numbers and pounds by the id of the organisation."""
        names = self.matching.organisation_names(organisation_ids=sorted(by_id)) if by_id else {}
        lines: list[ChecklistLine] = [
            {"organisation": names.get(one, one), "number": number, "amount": amount}
            for one, (number, amount) in by_id.items()
        ]
        lines.sort(key=lambda line: (-Decimal(line["amount"]), line["organisation"]))
        return known(name, sum(number for number, _ in by_id.values()), sum_of(lines), lines)

    def _rejected_rows(self, found: FinalisingChecklist) -> Check:
        rejected = IngestClient(self.gateway, self.caller).rejected_rows(
            first=found["start"], last=found["end"]
        )
        lines: list[ChecklistLine] = [
            {
                "organisation": file["organisation"],
                "file_id": file["file_id"],
                "file_name": file["file_name"],
                "number": file["number"],
            }
            for file in rejected["files"]
        ]
        number = sum(file["number"] for file in rejected["files"])
        return known("rejected_rows", number, None, lines, is_complete=rejected["is_complete"])


def checks_of_payments(found: FinalisingChecklist) -> dict[str, Check]:
    """What payments alone knows."""
    holds: list[ChecklistLine] = [
        {"organisation": one["organisation"], "number": one["number"], "amount": one["amount"]}
        for one in found["holds"]
    ]
    below: list[ChecklistLine] = [
        {"organisation": one["organisation"], "contract": one["contract"], "amount": one["amount"]}
        for one in found["below_nothing"]
    ]
    changes: list[ChecklistLine] = [
        {"organisation": one["organisation"], "amount": less(one["payable"], one["last_payable"])}
        for one in found["changes"]
    ]
    difference = less(found["payable"], found["last_payable"])
    held = sum(one["number"] for one in found["holds"])
    return {
        "holds": known("holds", held, sum_of(holds), holds),
        "below_nothing": known("below_nothing", len(below), sum_of(below), below),
        "debts": known("debts", None, found["owed"], []),
        "difference": known("difference", len(changes), difference, changes),
    }


def known(
    name: str, number: int | None, amount: str | None, lines: list[ChecklistLine], *, is_complete: bool = True
) -> Check:
    """A check that was answered."""
    return {
        "name": name,
        "is_known": True,
        "is_complete": is_complete,
        "number": number,
        "amount": amount,
        "lines": lines,
    }


def unknown(name: str) -> Check:
    """A check that a service did not answer."""
    return {
        "name": name,
        "is_known": False,
        "is_complete": False,
        "number": None,
        "amount": None,
        "lines": [],
    }


def sum_of(lines: Iterable[ChecklistLine]) -> str:
    """What lines come to, in pounds."""
    return pounds_text(sum((Decimal(line["amount"]) for line in lines), NOTHING))


def less(amount: str, other: str) -> str:
    """The difference of two amounts, in pounds."""
    return pounds_text(Decimal(amount) - Decimal(other))
