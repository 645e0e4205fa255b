"""Invoices and credit notes: listed, looked at, taken along; and what is to be invoiced or credited (RULES 13)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.care.days import DayAround
from libs.common.care.weeks import period_end_of, period_start_of
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.payments.invoices import InvoiceDocument
from services.portal.money.choosing import contract_chosen
from services.portal.money.invoices import words
from services.portal.money.invoices.files import first_day, invoice_csv, invoice_pdf, name_of_file
from services.portal.money.invoices.forms import AcceptForm, PressForm
from services.portal.money.periods.forms import ConfirmForm
from services.portal.storage.steps import read_kept
from services.portal.web import access, formats
from services.portal.web.access import caller, signed_in
from services.portal.web.branding import the_branding
from services.portal.web.calls import (
    gateway,
    organisation_chosen,
    organisations_question,
    payments,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import PDF, csv_for_people, download
from services.portal.web.downloads.owners import today
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked

pages = Blueprint("invoices", __name__, url_prefix="/invoices")

SHOWN = 50
LIST = Listing(
    "invoice or credit note",
    "invoices and credit notes",
    rows="invoices",
    method="invoices",
    columns={
        "Number": "number",
        "Kind": "kind",
        "Credit note of": "credits",
        "Provider": "organisation",
        "Contract": "contract",
        "Period from": "period",
        "State": "state",
        "Net": "net",
        "VAT": "vat",
        "Gross": "gross",
        "Posted in": "posted_in",
        "Made": "made_at",
    },
)
DUE = Listing(
    "amount to invoice or to credit",
    "amounts to invoice or to credit",
    rows="found",
    columns={
        "Client": "client",
        "Client name": name_from("names", "client"),
        "Line item": "cpli_id",
        "Provider": "organisation",
        "Contract": "contract",
        "Week from": "week",
        "Kind": lambda row, page: words.LINE_KINDS[row["kind"]],
        "Owed": "owed",
        "Accepted": "accepted",
        "Difference": "difference",
    },
)
ONE = "/<uuid:invoice_id>"
WRONG_DAY = "Enter any day of the payment period as a date, such as 2022-10-03"
Row = dict[str, Any]


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_INVOICES)
def invoices() -> ResponseReturnValue:
    place = place_of(cursor_asked(), str)
    state = request.args.get("state", "")
    asked = {
        "organisation": organisation_chosen(),
        "contract": contract_chosen(),
        "state": state if state in words.STATES else None,
    }
    client, shown = payments(), rows_wanted(SHOWN)
    found, providers = gateway().both(
        lambda: client.invoices(**asked, start=None, after=place[0] if place else None, limit=shown + 1),
        organisations_question(),
    )
    more = None
    if len(found) > shown:
        found = found[:shown]
        more = url_for("invoices.invoices", **_given(asked), cursor=cursor_of(found[-1]["id"]))
    return render_list(
        LIST,
        "invoices/invoices.html",
        invoices=found,
        more=more,
        chosen=asked,
        organisations=providers,
        contracts=payments().contracts(),
        ends={one["period"]: period_end_of(first_of(one["period"])) for one in found},
        words=words,
        may_make=access.may(rights.MAKE_INVOICES),
        may_decide=access.may(rights.DECIDE_INVOICES),
        several=PressForm(formdata=None).renewed(),
    )


@also_as_csv(pages, "/to-invoice.csv")
@pages.get("/to-invoice")
@signed_in(rights.READ_INVOICES)
def to_invoice() -> ResponseReturnValue:
    start, problem = period_chosen()
    client, whose, contract = payments(), organisation_chosen(), contract_chosen()
    found, providers = gateway().both(
        lambda: client.to_invoice(start=start.isoformat(), organisation=whose, contract=contract),
        organisations_question(),
    )
    return render_list(
        DUE,
        "invoices/to_invoice.html",
        found=found,
        problem=problem,
        start=start,
        end=period_end_of(start),
        chosen={"organisation": whose, "contract": contract},
        organisations=providers,
        contracts=payments().contracts(),
        names=client_names(gateway(), caller(), (one["client"] for one in found)),
        words=words,
        may_make=access.may(rights.MAKE_INVOICES),
        to_make=sorted({one["contract"] for one in found if not one["difference"].startswith("-")}),
    )


@pages.get(ONE)
@signed_in(rights.READ_INVOICES)
def one(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = require_invoice(invoice_id)
    return render_template(
        "invoices/invoice.html",
        invoice=found,
        end=period_end_of(first_day(found)),
        names=client_names(gateway(), caller(), (line["client"] for line in found["lines"])),
        people=names_of(access.the_parts(), access.account(), (step["done_by"] for step in found["steps"])),
        words=words,
        may_make=access.may(rights.MAKE_INVOICES),
        may_decide=access.may(rights.DECIDE_INVOICES) and found["state"] == "Pending",
        accept=AcceptForm(formdata=None, gross=found["gross"]).renewed(),
        submit=PressForm(formdata=None).renewed(),
        press=ConfirmForm(formdata=None),
    )


@pages.get(f"{ONE}.csv")
@signed_in(rights.READ_INVOICES)
def as_csv(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = require_invoice(invoice_id)
    return csv_for_people(invoice_csv(found), name_of_file(found, "csv", today()))


@pages.get(f"{ONE}.pdf")
@signed_in(rights.READ_INVOICES)
def as_pdf(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = require_invoice(invoice_id)
    content = invoice_pdf(
        found,
        client_names(gateway(), caller(), (line["client"] for line in found["lines"])),
        letterhead=the_branding().letterhead,
        period=formats.period(found["period"], period_end_of(first_day(found))),
    )
    return download(content, name_of_file(found, "pdf", today()), PDF)


@pages.get(f"{ONE}/vat-invoice.pdf")
@signed_in(rights.READ_INVOICES)
def vat_invoice(invoice_id: uuid.UUID) -> ResponseReturnValue:
    found = payments().vat_invoice(invoice_id=str(invoice_id))
    return download(read_kept(found["object_key"]), f"vat-invoice_{invoice_id}.pdf", PDF)


def require_invoice(invoice_id: uuid.UUID) -> InvoiceDocument:
    """The invoice of an address, as it is now. Raises Refused ``not_found``."""
    return payments().invoice(**named(invoice_id))


def named(invoice_id: uuid.UUID) -> dict[str, str]:
    """The number and the organisation by which payments knows it. Raises Refused ``not_found``."""
    found = payments().invoice_named(invoice_id=str(invoice_id))
    return {"number": found["number"], "organisation": found["organisation"]}


def first_of(period: str) -> dt.date:
    """A period's first day."""
    return dt.date.fromisoformat(period)


def period_chosen() -> tuple[dt.date, str | None]:
    """The period of the day that is asked for, today's where none is; and what is wrong with it."""
    given = request.args.get("period", "")
    day = parse_date(given, DayAround.first, DayAround.last)
    today = london_day(access.the_parts().clock())
    return period_start_of(day or today), WRONG_DAY if given and day is None else None


def _given(asked: Row) -> Row:
    return {name: value for name, value in asked.items() if value}
