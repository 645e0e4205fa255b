"""Disputes: the list with its filters, one with its visits as they are now, and what is said in it (RULES 9)."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import DISPUTE, OPEN, STATES
from libs.common.files.values import cleaned, parse_date
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import ListedCase
from services.portal.casework.cases.pages import (
    go_on,
    list_page,
    render_case,
    require_button,
    say_in_case,
)
from services.portal.casework.cases.views import name_cases
from services.portal.casework.cases.words import WORDS
from services.portal.casework.disputes.doubted import doubts_in_words, kinds_in_words
from services.portal.casework.disputes.forms import DisputeForm
from services.portal.casework.disputes.views import ShownDispute, find_identifiers, find_shown_dispute
from services.portal.clients.payload_types import After
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import disputes as client
from services.portal.web.calls import (
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.organisations import id_of
from services.portal.web.names.picking import picks_client
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("disputes", __name__, url_prefix="/disputes")


LIST = Listing(
    "dispute",
    "disputes",
    method="cases",
    columns={
        "Number": "number",
        "Provider": "organisation",
        "Client": "client_reference",
        "Client name": "client",
        "State": "state",
        "Answer due": "due_at",
        "Overdue": lambda row, page: "Yes" if row["is_overdue"] else "No",
        "Reason": "subject",
        "Details": "council_words",
        "Response": "provider_words",
        "From": "first_on",
        "To": "last_on",
        "Line item": "cpli_id",
        "Raised": "opened_at",
        "Last changed": "changed_at",
    },
)


class Filters(NamedTuple):
    """What of the list is wanted, by the names that addresses have for it."""

    first: str | None
    last: str | None
    client: str | None
    status: list[str]
    organisation: str | None
    overdue: str | None


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CASEWORK)
@picks_client
def disputes() -> ResponseReturnValue:
    return _list()


@pages.get("/<uuid:case_id>")
@signed_in(rights.READ_CASEWORK)
def one(case_id: uuid.UUID) -> ResponseReturnValue:
    return _page(find_shown_dispute(case_id), DisputeForm(formdata=None))


@pages.post("/<uuid:case_id>")
@signed_in(rights.ANSWER_CASEWORK)
def answer(case_id: uuid.UUID) -> ResponseReturnValue:
    found, move = find_shown_dispute(case_id), require_button(DISPUTE)
    form = DisputeForm().for_move(DISPUTE, move)
    if not form.validate_on_submit():
        return _page(found, form), 400
    if move != "withdraw":
        return say_in_case(found, form, move)
    message_id = form.id_of_message()
    said = client().withdraw(case_id=case_id, message_id=message_id, **form.said())
    return go_on(found, move, said, message_id)


def _list() -> str:
    chosen, wrong = _chosen()
    whose = id_of(gateway(), caller(), chosen.organisation) if is_council() else None
    identifiers = find_identifiers(chosen.client)
    rows, more = list_page(
        lambda after, limit: _ask(chosen, whose, identifiers, after, limit),
        "disputes.disputes",
        **chosen._asdict(),
    )
    names = organisations()
    return render_list(
        LIST,
        "disputes/disputes.html",
        rows=name_cases(rows),
        kinds_in_words=kinds_in_words,
        doubts_in_words=doubts_in_words,
        more=more,
        counts=client().case_counts()[DISPUTE],
        chosen=chosen,
        wrong=wrong,
        words=WORDS[DISPUTE],
        states=STATES[DISPUTE],
        organisations=names,
        may_resolve=access.may(rights.SETTLE_CASEWORK),
    )


def _ask(
    chosen: Filters,
    organisation_id: str | None,
    identifiers: list[str] | None,
    after: After | None,
    limit: int,
) -> list[ListedCase]:
    return client().cases(
        kind=DISPUTE,
        states=chosen.status,
        organisation_id=organisation_id,
        clients=identifiers,
        first_on=chosen.first,
        last_on=chosen.last,
        is_overdue=bool(chosen.overdue),
        after=after,
        limit=limit,
    )


def _chosen() -> tuple[Filters, dict[str, str]]:
    """The filters, and what is wrong with them by name."""
    wrong, days = {}, {}
    for name in ("first", "last"):
        text = request.args.get(name, "").strip()[:20]
        days[name] = _day(text)
        if text and days[name] is None:
            wrong[name] = "Enter a day as a date, such as 2022-10-03"
    filters = Filters(
        first=days["first"],
        last=days["last"],
        client=request.args.get("client", "")[:100] or None,
        status=[one for one in request.args.getlist("status") if one in STATES[DISPUTE]]
        or list(OPEN[DISPUTE]),
        organisation=organisation_chosen(),
        overdue="y" if request.args.get("overdue") else None,
    )
    return filters, wrong


def _day(text: str) -> str | None:
    day = parse_date(cleaned(text))
    return day.isoformat() if day else None


def _page(found: ShownDispute, form: DisputeForm) -> str:
    may_answer = access.may(rights.ANSWER_CASEWORK)
    return render_case(
        "disputes/dispute.html",
        _with_moves_that_fit(found),
        form.for_side(is_council=is_council()),
        types=VISIT_TYPES,
        may_change=may_answer,
        may_raise_concern=access.may(rights.SETTLE_CASEWORK),
    )


def _with_moves_that_fit(found: ShownDispute) -> ShownDispute:
    """A dispute about a week of which nothing is submitted has nothing to withdraw."""
    entered = found["entered"]
    has_something = bool(found["visits"]) or (entered is not None and entered["state"] == "submitted")
    allowed = [move for move in found["allowed"] if move != "withdraw" or has_something]
    return {**found, "allowed": allowed}
