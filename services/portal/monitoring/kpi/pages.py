"""A provider's page of KPIs, what made its figures, and the same as CSV and PDF (RULES 16)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import ACTION, DISPUTE, ENQUIRY
from libs.common.rights import names as rights
from libs.common.seams.disputes.offers import Offer
from services.portal.money.periods.forms import ConfirmForm
from services.portal.monitoring.kpi import figures, words
from services.portal.monitoring.kpi.figures import Asked, Opens
from services.portal.monitoring.kpi.files import kpis_csv, kpis_pdf, name_of_file
from services.portal.monitoring.kpi.rules import Span, span_of, spans_before
from services.portal.monitoring.kpi.views import find_asked, find_page, find_span, provider_name, today
from services.portal.offers.words import OFFER_COLUMNS, OFFERS
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.branding import the_branding
from services.portal.web.calls import (
    disputes,
    ingest,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.downloads.files import PDF, csv_for_people, download
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked

pages = Blueprint("kpis", __name__, url_prefix="/kpis")

SPANS_TO_CHOOSE = 12
SHOWN = 50
CASES = Listing(
    "case",
    "cases",
    rows="cases",
    columns={
        "Number": "number",
        "About": "subject",
        "State": "state",
        "Raised": "raised_at",
        "First answer": "answered_at",
        "Days to answer": "days",
    },
)
FILES = Listing(
    "file",
    "files",
    rows="files",
    columns={
        "File": "file_name",
        "Updated the system": "confirmed_at",
        "Rows": "rows",
        "Rejected rows": "rejected",
    },
)
OFFERED = Listing("offer of care", "offers of care", OFFER_COLUMNS, rows="offers", method="offers")
CASE_PAGES = {
    DISPUTE: ("disputes.one", "case_id"),
    ACTION: ("actions.one", "action_id"),
    ENQUIRY: ("enquiries.one", "enquiry_id"),
}
"""The page of a case, and what names it in its address."""
Row = dict[str, Any]


@pages.get("")
@signed_in(rights.READ_MEASURES)
def one() -> ResponseReturnValue:
    span, whose = span_chosen(), organisation_chosen()
    if whose is None and is_council():
        return render_template(
            "kpi/providers.html", span=span, organisations=organisations(), may_set=may_keep()
        )
    found = find_page(whose, span)
    people = {who for one in found.meetings for who in (one["kept_by"], one["shared_by"])}
    return render_template(
        "kpi/kpis.html",
        kpis=found,
        chosen=chosen(whose, span),
        spans=spans_to_choose(span),
        organisations=organisations(),
        shown=figures.shown,
        address_of=lambda opens: address_of(opens, whose, span),
        people=names_of(access.the_parts(), access.account(), people),
        may_keep=may_keep(),
        press=ConfirmForm(formdata=None),
    )


@pages.get("/kpis.csv")
@signed_in(rights.READ_MEASURES)
def as_csv() -> ResponseReturnValue:
    found = find_page(organisation_chosen(), span_chosen())
    return csv_for_people(kpis_csv(found), name_of_file(found, "csv", today()))


@pages.get("/kpis.pdf")
@signed_in(rights.READ_MEASURES)
def as_pdf() -> ResponseReturnValue:
    found = find_page(organisation_chosen(), span_chosen())
    content = kpis_pdf(found, letterhead=the_branding().letterhead)
    return download(content, name_of_file(found, "pdf", today()), PDF)


@also_as_csv(pages, "/cases.csv")
@pages.get("/cases")
@signed_in(rights.READ_MEASURES)
def cases() -> ResponseReturnValue:
    kind = request.args.get("kind", DISPUTE)
    if kind not in words.CASES:
        abort(404)
    asked = asked_for()
    found = disputes().raised_cases(
        organisation_id=asked.organisation_id, kind=kind, first=asked.span.first, last=asked.span.last
    )
    return render_list(
        CASES,
        "kpi/cases.html",
        **about(asked),
        kind=kind,
        heading=words.CASES_RAISED[kind],
        definitions=list(words.CASES[kind].values()),
        cases=[{**row, "address": case_address(kind, row["case_id"])} for row in found],
    )


@also_as_csv(pages, "/files.csv")
@pages.get("/files")
@signed_in(rights.READ_MEASURES)
def files() -> ResponseReturnValue:
    asked = asked_for()
    span: Row = {"organisation": asked.organisation, "first": asked.span.first, "last": asked.span.last}
    return render_list(
        FILES,
        "kpi/files.html",
        **about(asked),
        definitions=list(words.FILES.values()),
        late=ingest().file_figures(**span, submission_days=asked.submission_days)["late"],
        files=ingest().sent_files(**span),
    )


@also_as_csv(pages, "/offers.csv")
@pages.get("/offers")
@signed_in(rights.READ_MEASURES)
def offers() -> ResponseReturnValue:
    asked, place = asked_for(), place_of(cursor_asked(), int)
    shown = rows_wanted(SHOWN)
    found = disputes().offers(
        organisation_id=asked.organisation_id,
        first=asked.span.first,
        last=asked.span.last,
        before=place[0] if place else None,
        limit=shown + 1,
    )
    more = None
    if len(found) > shown:
        found = found[:shown]
        more = url_for(
            "kpis.offers", **chosen(asked.organisation, asked.span), cursor=cursor_of(found[-1]["number"])
        )
    return render_list(
        OFFERED,
        "kpi/offers.html",
        **about(asked),
        definitions=list(words.OFFERS.values()),
        offers=[{**one, "address": offer_address(one)} for one in found],
        more=more,
        states=OFFERS,
    )


def offer_address(offer: Offer) -> str | None:
    """The page of an offer, or of its requisition for the council; None for who sees neither."""
    if not is_council():
        return url_for("offers.one", offer_id=offer["offer_id"])
    endpoint = "requisitions.one"
    return (
        url_for(endpoint, requisition_id=offer["requisition_id"])
        if access.may_open(access.account().role, endpoint)
        else None
    )


def asked_for() -> Asked:
    """The provider and span of an address. Raises Refused ``not_found``, ``bad_query``, ``organisation_wanted``."""
    return find_asked(organisation_chosen(), span_chosen())


def about(asked: Asked) -> Row:
    """What a page below that of a provider says of it: its name, the span, and the way back."""
    back = url_for("kpis.one", **chosen(asked.organisation, asked.span))
    return {"name": provider_name(asked), "span": asked.span, "back": back}


def span_chosen() -> Span:
    """The span that is looked at (`?span=2022-10`), today's where none is named. Raises Refused ``bad_query``."""
    return find_span(request.args.get("span", ""), disputes().kpi_spans()["holds"])


def spans_to_choose(span: Span) -> list[Span]:
    """The newest spans, and the one that is looked at with those beside it, the newest first."""
    of_today = span_of(today(), span.months, span.first.month)
    beside = (one for one in (span.moved(1), span, span.moved(-1)) if one.is_readable)
    found = {span, *beside, *spans_before(of_today, SPANS_TO_CHOOSE)}
    return sorted(found, key=lambda one: one.months_since, reverse=True)


def chosen(organisation: str | None, span: Span) -> Row:
    """What addresses say of a provider and a span."""
    return {"organisation": organisation, "span": span.name}


def address_of(opens: Opens | None, organisation: str | None, span: Span) -> str | None:
    """The page that shows what made a figure; None where there is none for who looks."""
    if opens is None or not access.may_open(access.account().role, opens.endpoint):
        return None
    query: Row = {"organisation": organisation, **opens.query}
    if opens.endpoint.startswith(f"{pages.name}."):
        query["span"] = span.name
    return url_for(opens.endpoint, **query)


def case_address(kind: str, case_id: str) -> str:
    """The page of a case."""
    endpoint, name = CASE_PAGES[kind]
    named: Row = {name: case_id}
    return url_for(endpoint, **named)


def may_keep() -> bool:
    """Whether who is signed in keeps notes of meetings, and sets spans."""
    return access.may(rights.SET_MEASURES)
