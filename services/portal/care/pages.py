"""Care package line items: those that run, one with all that is known of it, and their export (RULES 2)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.care.export import export, name_of_export
from services.portal.clients.payments import PaymentsClient
from services.portal.operations.views import find_why_apart
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    gateway,
    is_council,
    matching,
    organisation_chosen,
    organisations_question,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import csv_for_people
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.formats import quantity
from services.portal.web.listing.columns import key
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked

pages = Blueprint("care", __name__, url_prefix="/care")

LINE_ITEMS_SHOWN = 50
LIST = Listing(
    "care package line item",
    "care package line items",
    rows="items",
    method="line_items",
    columns={
        "Line item": "cpli_id",
        "Provider": "organisation",
        "Client": key("client.ssref", "client.client_ref", "client.nhs_number"),
        "Client name": "client_name",
        "Service": "service",
        "Contract": "contract",
        "Service level": "service_level",
        "Start": "start_on",
        "End": "end_on",
        "Quantity": lambda row, page: quantity(row["quantity"]),
        "Unit": "unit",
        "Frequency": "frequency",
        "Unit cost": "unit_cost",
        "Cost": "cost",
        "Payment method": "payment_method",
        "Authorised": lambda row, page: "Yes" if row["authorised"] else "No",
        "Timetable": "timetable",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CARE)
@picks_client
def line_items() -> ResponseReturnValue:
    organisation = organisation_chosen()
    chosen: dict[str, Any] = {
        "client": _asked("client", 50),
        "service": _asked("service", 200),
        "service_level": _asked("service_level", 200),
        "historical": "y" if request.args.get("historical") else None,
    }
    place = place_of(cursor_asked(), int)
    client, shown = matching(), rows_wanted(LINE_ITEMS_SHOWN)
    items, choices, organisations = gateway().all_three(
        lambda: client.line_items(
            organisation=organisation,
            clients=[chosen["client"]] if chosen["client"] else None,
            service_name=chosen["service"],
            service_level=chosen["service_level"],
            is_historical=bool(chosen["historical"]),
            after=place[0] if place else -1,
            limit=shown + 1,
        ),
        lambda: client.care_choices(organisation=organisation),
        organisations_question(),
    )
    more = None
    if len(items) > shown:
        items = items[:shown]
        cursor = cursor_of(items[-1]["cpli_id"])
        more = url_for("care.line_items", **chosen, organisation=organisation, cursor=cursor)
    return render_list(
        LIST,
        "care/line_items.html",
        items=items,
        more=more,
        chosen=chosen | {"organisation": organisation},
        choices=choices,
        organisations=organisations,
    )


@pages.get("/commissioned-care.csv")
@signed_in(rights.READ_CARE)
def commissioned_care() -> Response:
    content = export(matching(), organisation_chosen())
    return csv_for_people(content, name_of_export(whose_name(organisation_chosen()), today()))


@pages.get("/<int:cpli_id>")
@signed_in(rights.READ_CARE)
def line_item(cpli_id: int) -> ResponseReturnValue:
    item = matching().line_item(cpli_id=min(cpli_id, 2**63 - 1))
    things = [("package", str(cpli_id)), *(("week", f"{cpli_id}/{week['monday']}") for week in item["weeks"])]
    return render_template(
        "care/line_item.html",
        item=item,
        apart=find_why_apart(gateway(), PaymentsClient(gateway(), caller(), is_quick=True), things),
        timetable=by_day(item["timetable"]),
        people=names_of(access.the_parts(), access.account(), (entry["who"] for entry in item["history"])),
        is_council=is_council(),
        may_set_diary=access.may(rights.SET_MEASURES),
        may_dispute=access.may(rights.SET_MEASURES),
    )


def by_day(timetable: str) -> dict[str, list[str]]:
    """The slots of a timetable such as ``Mon 08:00-09:00; …``, by day; ``!`` marks what is time-critical."""
    days: dict[str, list[str]] = {}
    for slot in filter(None, timetable.split("; ")):
        day, _, times = slot.partition(" ")
        words = times.replace("-", " to ")
        is_critical = words.endswith("!")
        days.setdefault(day, []).append(f"{words.rstrip('!')} (time-critical)" if is_critical else words)
    return days


def _asked(name: str, longest: int) -> str | None:
    return request.args.get(name, "").strip()[:longest] or None
