"""What of a client is gathered beside care and circumstances: visits, money, charges, disputes, claims, documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Final

from flask import url_for

from libs.common.care.days import DayAround
from libs.common.rights import names as rights
from libs.common.seams.matching.clients import Client
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.gathered import cases
from services.portal.gathered.sections import SHOWN, Cell, Gathered, Rows, Section, figure, gather, money
from services.portal.web.access import caller
from services.portal.web.calls import gateway
from services.portal.web.formats import week
from services.portal.web.words import KINDS

MOST_IDENTIFIERS: Final = 20
WEEKS_CHARGED: Final = 6


def gather_of_client(client: Client) -> list[Gathered]:
    """All that the reader may see, as far as it is known now."""
    services, who = gateway(), caller()
    ref = client["ssref"] or client["client_ref"] or client["nhs_number"] or ""
    named = [one for one in (client["ssref"], client["client_ref"], client["nhs_number"]) if one]
    names = [*named, *client["former"]][:MOST_IDENTIFIERS]
    matching = MatchingClient(services, who, is_quick=True)
    payments = PaymentsClient(services, who, is_quick=True)
    disputes = DisputesClient(services, who, is_quick=True)
    return gather(
        [
            _visits(matching, client["client_id"], ref),
            _items(payments, ref, names),
            _charges(payments, client["client_id"]),
            cases.disputes(disputes, clients=names, client=ref),
            cases.claims(disputes, clients=names, client=ref),
            cases.concerns(disputes, clients=names, client=ref),
            cases.documents(matching, of=ref),
        ]
    )


def _visits(matching: MatchingClient, client_id: str, ref: str) -> Section:
    """The newest weeks with visits."""

    def ask() -> Rows:
        return [
            (
                Cell(week(one["monday"]), url_for("visits.visits", week=one["monday"], client=ref)),
                figure(one["visits"], url_for("visits.visits", week=one["monday"], client=ref)),
                figure(
                    one["unmatched"],
                    url_for("visits.visits", week=one["monday"], client=ref, status="Unmatched")
                    if one["unmatched"]
                    else None,
                ),
            )
            for one in matching.client_weeks(client_id=client_id, limit=SHOWN)
        ]

    return Section(
        "visits",
        "Visits",
        ("Week", "Visits", "Unmatched"),
        (rights.READ_VISITS,),
        "Visits of the newest week",
        url_for("visits.visits", client=ref),
        ask,
    )


def _items(payments: PaymentsClient, ref: str, names: Collection[str]) -> Section:
    """What was paid for the client's care, the newest first; a reference of digits may be a line item's number too."""

    def ask() -> Rows:
        found = [one for one in payments.search(written=ref) if one["client"] in names]
        return [
            (
                Cell(
                    week(one["week"]) if one["week"] else "Posted by hand",
                    url_for("payments_items.one", item_id=one["item_id"]),
                ),
                Cell(KINDS.get(one["kind"], one["kind"])),
                Cell(one["organisation"] or ""),
                money(one["amount"], url_for("payments_items.one", item_id=one["item_id"])),
            )
            for one in found[:SHOWN]
        ]

    return Section(
        "items",
        "Money",
        ("Week", "Kind", "Provider", "Amount"),
        (rights.READ_PAYMENTS,),
        "The newest payment items",
        url_for("search.search", q=ref),
        ask,
    )


def _charges(payments: PaymentsClient, client_id: str) -> Section:
    """What the client is charged, by week."""

    def ask() -> Rows:
        newest = payments.charged_client(client_id=client_id)["newest_week"]
        first = _weeks_before(newest)
        found = payments.charge_statement(client_id=client_id, first=first, last=newest)
        statement = url_for("charges.statement", client_id=client_id)
        return [
            (
                Cell(week(one["monday"]), statement),
                money(one["cost"], statement) if one["cost"] else Cell("–", is_figure=True),
                money(one["charge"], statement),
                money(one["total"], statement),
            )
            for one in sorted(found, key=lambda one: one["monday"], reverse=True)[:SHOWN]
        ]

    return Section(
        "charges",
        "Charges",
        ("Week", "Cost of care", "Charge", "With corrections"),
        (rights.READ_CHARGES,),
        "The whole statement",
        url_for("charges.statement", client_id=client_id),
        ask,
    )


def _weeks_before(monday: str) -> str:
    """The Monday some weeks before, within readable days."""
    return max(
        dt.date.fromisoformat(monday) - dt.timedelta(weeks=WEEKS_CHARGED - 1), DayAround.first
    ).isoformat()
