"""What one care row says otherwise than another of the same CPLI, by its headings (RULES 2). Pure.

Rows are dictionaries as the history of a CPLI keeps them: a CareRow in JSON.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from libs.common.care.terms import FROM_START
from libs.common.seams.matching.line_items import FieldChange
from services.matching.book.words import day_text, number, suspensions_text, timetable_text

Row = Mapping[str, Any]


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: row[name]


def _client(name: str) -> Callable[[Row], str]:
    return lambda row: row["client"][name] or ""


def _number(name: str) -> Callable[[Row], str]:
    def written(row: Row) -> str:
        value = row["term"][name]
        return "" if value is None else number(Decimal(value))

    return written


def _yes_or_no(name: str) -> Callable[[Row], str]:
    def written(row: Row) -> str:
        value = row.get(name)
        return "" if value is None else "Yes" if value else "No"

    return written


def _effective_from(row: Row) -> str:
    day = row["term"]["effective_from"]
    return "" if day == FROM_START.isoformat() else day_text(day)


SHOWN: Mapping[str, Callable[[Row], str]] = {
    "SSRef": _client("ssref"),
    "ClientRef": _client("client_ref"),
    "NHSNumber": _client("nhs_number"),
    "Title": _client("title"),
    "Forename": _client("forename"),
    "Surname": _client("surname"),
    "OrganisationName": _text("organisation_name"),
    "ServiceName": _text("service_name"),
    "Contract": _text("contract"),
    "ServiceLevel": _text("service_level"),
    "StartDate": lambda row: day_text(row["start_on"]),
    "EndDate": lambda row: day_text(row["end_on"]),
    "EffectiveFrom": _effective_from,
    "Quantity": _number("quantity"),
    "Unit": _text("unit"),
    "Frequency": _text("frequency"),
    "UnitCost": _number("unit_cost"),
    "Pricing": _text("pricing"),
    "PaymentMethod": _text("payment_method"),
    "Authorised": lambda row: "Yes" if row["authorised"] else "No",
    "Timetable": lambda row: timetable_text(row["timetable"], row.get("critical_slots", ())),
    "OneDiary": _yes_or_no("one_diary"),
    "AssessedContribution": _number("assessed_contribution"),
    "ContributionCollectedBy": lambda row: row["term"]["collected_by"],
    "Suspensions": lambda row: suspensions_text(row["suspensions"]),
    "CostCentre": _text("cost_centre"),
    "Subjective": _text("subjective"),
    "ServiceGroupClass": _text("service_group_class"),
    "CouncilRef": _text("council_ref"),
}
KEPT_WHEN_EMPTY = frozenset({"SSRef", "ClientRef", "NHSNumber", "OneDiary"})
"""An identifier that a row leaves empty is not taken away; an empty OneDiary says nothing."""


def differences(before: Row, after: Row) -> list[FieldChange]:
    """Each field that the later row says otherwise: ``{"field", "before", "after"}``, in the order of the columns."""
    found: list[FieldChange] = []
    for field, written in SHOWN.items():
        was, now = written(before), written(after)
        if was != now and (now or field not in KEPT_WHEN_EMPTY):
            found.append({"field": field, "before": was, "after": now})
    return found
