"""Remittance Advice: one document, whichever page, file or system it is taken by ([003], RULES 8, 15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from libs.common.care.weeks import period_end_of
from libs.common.seams.payments.remittances import NotPaid, PaidUnderContract, Remittance, RemittanceLine
from services.portal.reports import choices
from services.portal.reports.declared import (
    About,
    Asking,
    Column,
    Filter,
    Lines,
    Place,
    Report,
    Row,
    Values,
)
from services.portal.reports.naming import named
from services.portal.web import formats
from services.portal.web.words import KINDS

SIDES: Final = {"cost": "Cost", "income": "Income"}
NOT_PAID: Final = {
    "cancelled": "cancelled: not paid at all",
    "suspended": "suspended: held back for now, may be paid later",
    "carried_forward": "carried forward: paid in the next period",
    "released": "held back in this period and paid in a later one",
    "in_instalments": "paid in instalments: the rest follows in the next periods",
}
OF_NO_SERVICE = "Not for one service"
NOT_PAID_YET = "not paid yet"
MOST_IN_A_PDF = 10_000
"""Lines: a month of a council of eight thousand clients."""


def lines(asking: Asking, values: Values, place: Place | None, limit: int) -> Lines:
    """A page of the period's remittances."""
    if values["period"] is None:
        return Lines([], None)
    after = place[0] if place else 0
    found = _page(asking, values, after, limit)
    rows = named(asking, [line(given, found, asking.council) for given in found["lines"]])
    return Lines(rows, [after + limit] if len(rows) == limit else None)


def line(given: RemittanceLine, remittance: Remittance, council: Sequence[str]) -> Row:
    """A line, with what its CSV says besides, and the heading of its provider."""
    advices = {one["organisation"]: one for one in remittance["advices"]}
    of_provider = [given["organisation"]]
    if len(advices) > 1:
        of_provider += [given["number"], paid_in_words(advices[given["organisation"]]["paid"])]
    return {
        **given,
        "organisation_total": given["organisation_total"] if len(advices) > 1 else None,
        "provider": ", ".join(of_provider),
        "status": "Not final" if given["contract"] in remittance["open_contracts"] else "Final",
        "council": council[0] if council else "",
    }


def subtotals(row: Row) -> list[tuple[str, str]]:
    """What the service comes to that ends with this line, and, of several, the provider."""
    ends = (
        (service_of(row), row["service_total"]),
        (row["organisation"], row["organisation_total"]),
    )
    return [(f"{name} in all", amount) for name, amount in ends if amount is not None]


def service_of(row: Row) -> str:
    """The heading of a service."""
    return row["service"] or OF_NO_SERVICE


def about(asking: Asking, values: Values) -> About:
    """Council, provider, number, period and date paid; that it is not final; what of the period is not paid."""
    if values["period"] is None:
        return About()
    found = _whole(asking, values)
    advices = found["advices"]
    is_single = len(advices) == 1
    provider = advices[0]["organisation"] if is_single else values["organisation"]
    start = dt.date.fromisoformat(values["period"])
    facts = [
        ("Council", ", ".join(asking.council)),
        ("Provider", provider or ("All providers" if asking.is_council else "")),
        ("Number", advices[0]["number"] if is_single else ""),
        ("Payment period", formats.period(start, period_end_of(start))),
        ("Contract", values.get("contract") or ""),
        ("Payment method", values.get("payment_method") or ""),
        ("Date paid", capitalised(paid_in_words(advices[0]["paid"])) if is_single else ""),
    ]
    notes = [_note(held) for held in found["not_paid"]]
    return About([fact for fact in facts if fact[1]], warning_of(found), notes)


def warning_of(remittance: Remittance) -> str:
    """That it is not final, and why."""
    if remittance["state"] == "finalised":
        return ""
    if remittance["state"] == "current":
        return "Not final: the payment period is current, and what it comes to may still change."
    return f"Not final: {in_a_row(remittance['open_contracts'])} can still change in this payment period."


def paid_in_words(paid: Sequence[PaidUnderContract]) -> str:
    """12 Nov 2022; with the contracts where they were not paid on one day: 12 Nov 2022 (APL), not paid yet (DAPL)."""
    days: dict[str, list[str]] = {}
    for one in paid:
        days.setdefault(formats.day(one["paid_on"]) or NOT_PAID_YET, []).append(one["contract"])
    if len(days) == 1:
        return next(iter(days))
    return ", ".join(f"{day} ({in_a_row(contracts)})" for day, contracts in days.items())


def in_a_row(names: Sequence[str]) -> str:
    """APL, DAPL and Spot"""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _note(held: NotPaid) -> str:
    """How many items are not paid in the period, what they come to, and why."""
    items = formats.counted(held["items"], "payment item")
    return f"{items}, {formats.pounds(held['amount'])} in all, {NOT_PAID[held['status']]}."


def sums(asking: Asking, values: Values) -> list[tuple[str, str]]:
    """What the period comes to."""
    if values["period"] is None:
        return []
    found = _whole(asking, values)
    total = "Remitted in all" if found["state"] == "finalised" else "Payable so far"
    totals = found["totals"]
    return [("Cost", totals["cost"]), ("Income (deductions)", totals["income"]), (total, totals["total"])]


def newest_period(asking: Asking, values: Values) -> Values:
    """Until somebody says a period: the newest."""
    if values["period"]:
        return {}
    found = choices.periods(asking, values)
    return {"period": found[0][0]} if found else {}


def _whole(asking: Asking, values: Values) -> Remittance:
    """What is said of all of the remittance; asked once for a page or file."""
    return asking.ask_once(
        asking.payments.remittance,
        start=values["period"],
        organisation=values["organisation"],
        contract=values.get("contract"),
        payment_method=values.get("payment_method"),
        after=0,
        limit=1,
    )


def _page(asking: Asking, values: Values, after: int, limit: int) -> Remittance:
    return asking.payments.remittance(
        start=values["period"],
        organisation=values["organisation"],
        contract=values.get("contract"),
        payment_method=values.get("payment_method"),
        summary=bool(values["summary"]),
        after=after,
        limit=limit,
    )


_VALUE = Column("amount", "Value", "money")
_WHAT = (
    Column("cost_or_income", "Cost or income", width=1.1, words=SIDES),
    Column("kind", "Kind", width=1.3, words=KINDS),
    Column("reason", "Reason", width=2.6),
    Column("week_from", "From", "day"),
    Column("week_to", "To", "day"),
)
_OF_WHAT = (
    ("Kind", "kind"),
    ("CostOrIncome", "cost_or_income"),
    ("Reason", "reason"),
    ("From", "week_from"),
    ("To", "week_to"),
    ("Value", "amount"),
)
_OF_WHICH = (
    ("Service", "service"),
    ("Contract", "contract"),
    ("Number", "number"),
    ("PaidOn", "paid_on"),
    ("Status", "status"),
    ("Council", "council"),
)
"""Columns that came later stand at the end: other systems rely on those before them."""

REPORT = Report(
    slug="remittance-advice",
    title="Remittance Advice",
    words="See what is paid in a payment period, client by client, with deductions and adjustments.",
    filters=(
        Filter("period", "Period (* partially finalised)", "choice", choices=choices.periods),
        replace(choices.ORGANISATION, is_open=True),
        Filter("contract", "Contract", "choice", "All contracts", choices.contracts, is_open=True),
        choices.PAYMENT_METHOD,
        Filter("summary", "Summary: without clients", "tick"),
    ),
    columns=(Column("client", "SSRef"), Column("name", "Client", width=1.5), *_WHAT, _VALUE),
    summary=(*_WHAT, Column("lines", "Lines", "count", width=0.7), _VALUE),
    csv=(
        ("Organisation", "organisation"),
        ("Client", "client"),
        *_OF_WHAT,
        ("ClientName", "name"),
        *_OF_WHICH,
    ),
    csv_of_summary=(("Organisation", "organisation"), *_OF_WHAT, ("Lines", "lines"), *_OF_WHICH),
    most_in_a_pdf=MOST_IN_A_PDF,
    lines=lines,
    place=(int,),
    headings=(lambda row: row["provider"], service_of),
    subtotals=subtotals,
    defaults=newest_period,
    sums=sums,
    about=about,
    notes=(
        "One line for each client, kind and reason of a service; those that come to nothing are left out.",
        "Manual adjustments are shown one by one, dated as their period.",
        "Income is a contribution that the provider collects from the client, and is deducted.",
    ),
    empty="Nothing is paid in this period.",
)
