"""What an action, an enquiry or a review is about, as disputes takes it; looked up as whoever begins it may see it."""

from __future__ import annotations

import datetime as dt
from typing import NotRequired, TypedDict

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.seams.disputes.facts import ReviewVisit
from libs.common.seams.matching.line_items import LineItemDetails
from services.portal.casework.cases.views import reference_of
from services.portal.web.access import caller
from services.portal.web.calls import gateway, matching, payments
from services.portal.web.formats import period, pounds, week
from services.portal.web.names.organisations import id_of


class AboutAction(TypedDict, total=False):
    """With whom an action is, and about which CPLI."""

    organisation_id: str | None
    cpli_id: int
    client_reference: str


class AboutPayment(TypedDict):
    """Which payment an enquiry is about."""

    about: str
    subject: str
    item_id: NotRequired[str]
    cpli_id: NotRequired[int | None]
    client_reference: NotRequired[str]
    period_start: NotRequired[str]
    week: NotRequired[str | None]
    amount: NotRequired[str | None]


class AboutReview(TypedDict):
    """The extra care that a review asks for."""

    subject: str
    cpli_id: int
    client_reference: str
    first_on: str
    last_on: str
    visits: list[ReviewVisit]


def find_about_action(cpli_id: int | None, organisation: str | None) -> AboutAction:
    """About a CPLI, or about nothing with a provider by its name.

    Raises Refused ``not_found``; about the field ``cpli_id`` when there is no such CPLI.
    """
    if cpli_id is not None:
        item = require_line_item(cpli_id)
        return {
            "cpli_id": item["cpli_id"],
            "client_reference": reference_of(item["client"]),
            "organisation_id": item["organisation_id"],
        }
    if organisation is None:
        return {}
    return {"organisation_id": id_of(gateway(), caller(), organisation)}


def find_about_item(item_id: str) -> AboutPayment:
    """An enquiry about a payment item. Raises Refused ``not_found``."""
    item = payments().payment_item(item_id=item_id)
    when = f", {week(item['week'])}" if item["week"] else ""
    return {
        "about": "item",
        "subject": f"Payment item of {pounds(item['posted_amount'])}{when}",
        "item_id": item["item_id"],
        "cpli_id": item["cpli_id"],
        "client_reference": item["client"] or "",
        "period_start": item["period_start"],
        "week": item["week"],
        "amount": item["posted_amount"],
    }


def find_about_period(start: dt.date) -> AboutPayment:
    """An enquiry about what is payable in a period. Raises Refused ``not_a_period``."""
    found = payments().payment_period(start=start.isoformat())
    return {
        "about": "period",
        "subject": f"Payment of {period(start, period_end_of(start))}",
        "period_start": start.isoformat(),
        "amount": found["total"],
    }


def about_missing_payment(client: str, day: dt.date, amount: str | None) -> AboutPayment:
    """An enquiry about a payment that did not come; day: any of the week."""
    return {
        "about": "missing",
        "subject": "Missing payment",
        "client_reference": client,
        "week": day.isoformat(),
        "amount": amount,
    }


def find_about_review(
    cpli_id: int, first_on: dt.date, last_on: dt.date, visits: list[ReviewVisit]
) -> AboutReview:
    """A review of a CPLI that is paid by visits. Raises Refused ``not_found`` and ``not_by_visits``."""
    item = require_line_item(cpli_id)
    if item["payment_method"] != "Visits" or item["unit"] != "Hr":
        sentence = "This care is not paid by visits: ask the council by an action"
        raise Refused("not_by_visits", sentence, {"field": "cpli_id"})
    return {
        "subject": f"Extra care for CPLI {item['cpli_id']}",
        "cpli_id": item["cpli_id"],
        "client_reference": reference_of(item["client"]),
        "first_on": first_on.isoformat(),
        "last_on": last_on.isoformat(),
        "visits": visits,
    }


def require_line_item(cpli_id: int) -> LineItemDetails:
    """A CPLI. Raises Refused ``not_found`` about the field ``cpli_id``."""
    try:
        return matching().line_item(cpli_id=cpli_id)
    except Refused as refused:
        if refused.code != "not_found":
            raise
        sentence = "There is no care package line item with this number: look it up in the list"
        raise Refused("not_found", sentence, {"field": "cpli_id"}) from None
