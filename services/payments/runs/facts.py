"""What an approver must see of a payment run (RULES 8): totals against last period, and what stands out.

The totals are the run's own; what stands beside them (adjustments, holds, answers) is as it is now.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.runs import BigItem, Rejection, RunOfOrganisation, RunSums
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.runs import store as runs_store
from services.payments.runs import store_facts
from services.payments.runs.rules import Limits, Standing, Total, remarks_of

BIGGEST_ITEMS = 5


@dataclass(slots=True)
class Sums:
    """What an organisation is paid over its contracts, and was; ``lacking`` of those below nothing."""

    payable: Decimal = NOTHING
    last_payable: Decimal = NOTHING
    lacking: Decimal = NOTHING

    def add(self, total: Total) -> None:
        """Count a contract's total in."""
        self.payable += total.payable
        self.last_payable += total.last_payable
        self.lacking += max(-total.payable, NOTHING)


@dataclass(slots=True)
class Facts:
    """What there is about a period's organisations, by their ids."""

    adjustments: Mapping[str, Mapping[str, Any]]
    holds: Mapping[str, Mapping[str, Any]]
    rejections: Mapping[str, Mapping[str, Any]]
    paid_before: set[str]
    names: Mapping[str, str] = field(default_factory=dict)

    def organisations(self) -> set[str]:
        """All that anything is known of."""
        return {*self.adjustments, *self.holds, *self.rejections}

    def standing(self, organisation_id: str, sums: Sums) -> Standing:
        """What stands beside an organisation's totals."""
        counted = {**self.adjustments.get(organisation_id, {}), **self.holds.get(organisation_id, {})}
        return Standing(
            first_payments=int(sums.payable > 0 and organisation_id not in self.paid_before),
            lacking=sums.lacking,
            rejected=int(organisation_id in self.rejections),
            **{name: value for name, value in counted.items() if name != "organisation_id"},
        )


def seen_by_approver(
    session: Session, run: Mapping[str, Any], totals: Sequence[Total], *, is_approved: bool
) -> tuple[RunSums, list[RunOfOrganisation]]:
    """What is seen of all together, and of each organisation, those that stand out first; pounds as text."""
    limits = Limits(run["percent"], run["pounds"])
    facts = facts_of(session, run["period_start"], run["contract"] or None)
    by_organisation = sums_of(totals, facts.organisations())
    standings = {one: facts.standing(one, sums) for one, sums in by_organisation.items()}
    documents = {one: _sums_document(sums, standings[one], limits) for one, sums in by_organisation.items()}
    large = [one for one, document in documents.items() if "large_change" in document["remarks"]]
    items = list_biggest_items(session, run, large, is_approved=is_approved)
    organisations = [
        _organisation_document(one, document, facts, items.get(one, []))
        for one, document in documents.items()
    ]
    whole = Sums()
    for total in totals:
        whole.add(total)
    in_all = _sums_document(whole, all_together(standings.values()), limits)
    return in_all, sorted(organisations, key=lambda one: (not one["remarks"], one["organisation"]))


def facts_of(session: Session, start: dt.date, contract: str | None) -> Facts:
    """What there is about a period (of a contract, or of all) as it is now."""
    closed = periods_store.read_periods(session).through(None)
    return Facts(
        adjustments=store_facts.adjustments(session, start, contract),
        holds=store_facts.holds(session, start, contract),
        rejections={row["organisation_id"]: row for row in store_facts.rejections(session, start)},
        paid_before=store_facts.paid_before(session, start, closed),
        names=dict(packages_store.list_organisations(session)),
    )


def sums_of(totals: Iterable[Total], others: Iterable[str]) -> dict[str, Sums]:
    """The sums of each organisation over its contracts; of the others, nothing."""
    sums = {organisation_id: Sums() for organisation_id in others}
    for total in totals:
        sums.setdefault(total.organisation_id, Sums()).add(total)
    return sums


def all_together(standings: Iterable[Standing]) -> Standing:
    """What stands beside the totals of all."""
    every = list(standings)
    return Standing(
        first_payments=sum(one.first_payments for one in every),
        adjustments=sum(one.adjustments for one in every),
        adjusted=sum((one.adjusted for one in every), NOTHING),
        adjusted_size=sum((one.adjusted_size for one in every), NOTHING),
        held_items=sum(one.held_items for one in every),
        held=sum((one.held for one in every), NOTHING),
        lacking=sum((one.lacking for one in every), NOTHING),
        rejected=sum(one.rejected for one in every),
    )


def _organisation_document(
    organisation_id: str, sums: RunSums, facts: Facts, items: list[BigItem]
) -> RunOfOrganisation:
    """An organisation's line, and why it rejected the payment."""
    rejection = facts.rejections.get(organisation_id)
    return {
        "organisation_id": organisation_id,
        "organisation": facts.names.get(organisation_id, organisation_id),
        **sums,
        "rejection": None if rejection is None else _rejection_document(rejection),
        "biggest_items": items,
    }


def _rejection_document(row: Mapping[str, Any]) -> Rejection:
    return {
        "answer_id": str(row["answer_id"]),
        "reason": row["reason"],
        "answered_by": row["answered_by"],
        "answered_at": row["answered_at"].isoformat(),
    }


def _sums_document(sums: Sums, standing: Standing, limits: Limits) -> RunSums:
    """Totals with what stands out of them; pounds as text."""
    return {
        "payable": pounds_text(sums.payable),
        "last_payable": pounds_text(sums.last_payable),
        "change": pounds_text(sums.payable - sums.last_payable),
        "remarks": remarks_of(sums.payable, sums.last_payable, standing, limits),
        "lacking": pounds_text(sums.lacking),
        "adjustments": {
            "number": standing.adjustments,
            "amount": pounds_text(standing.adjusted),
            "size": pounds_text(standing.adjusted_size),
        },
        "holds": {"number": standing.held_items, "amount": pounds_text(standing.held)},
        "rejected": standing.rejected,
        "first_payments": standing.first_payments,
    }


def list_biggest_items(
    session: Session, run: Mapping[str, Any], organisation_ids: Sequence[str], *, is_approved: bool
) -> dict[str, list[BigItem]]:
    """The items that make a large change, as they are payable now."""
    if not organisation_ids:
        return {}
    approved = [] if is_approved else runs_store.approved_contracts(session, run["period_start"])
    found = runs_store.biggest_items(
        session, run["period_start"], organisation_ids, run["contract"] or None, approved, BIGGEST_ITEMS
    )
    return {organisation_id: [_item_document(row) for row in rows] for organisation_id, rows in found.items()}


def _item_document(row: Mapping[str, Any]) -> BigItem:
    return {
        "organisation_id": row["organisation_id"],
        "item_id": row["item_id"],
        "client": row["client"],
        "cpli_id": row["cpli_id"],
        "week": iso_or_none(row["week"]),
        "kind": row["kind"],
        "reason": row["reason"],
        "amount": pounds_text(row["amount"]),
    }
