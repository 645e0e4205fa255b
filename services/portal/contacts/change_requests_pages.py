"""Change requests: a provider's with their answers, and all of them for the helpdesk, which answers (RULES 12)."""

from __future__ import annotations

import uuid
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.lists import COUNTED_TO
from services.portal.accounts.forms import AnswerForm
from services.portal.contacts import steps, store
from services.portal.contacts.forms import ROLE_NAMES, RejectForm
from services.portal.contacts.rules import FIELDS, KINDS, SHOWN_FOR
from services.portal.contacts.views import REQUEST_STATES, SHOWN
from services.portal.schema.tables_people import ChangeRequest
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked

pages = Blueprint("change_requests", __name__, url_prefix="/change-requests")

LIST = Listing(
    "change request",
    "change requests",
    is_of_provider=False,
    columns={
        "Provider": "organisation",
        "Type": lambda row, page: KINDS[row.kind],
        "Name": "entity_name",
        "Status": lambda row, page: REQUEST_STATES[row.state][0],
        "Submitted": lambda row, page: row.submitted_at.isoformat(),
        "Answered": lambda row, page: row.answered_at.isoformat() if row.answered_at else "",
        "Rejection reason": "rejection_reason",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CHANGE_REQUESTS)
def requests() -> ResponseReturnValue:
    parts = access.the_parts()
    is_all = request.args.get("all") == "1"
    since = None if is_all else parts.clock() - SHOWN_FOR
    find, shown = partial(store.requests, since=since), rows_wanted(SHOWN)
    whose, after = access.account().organisation_id, moment_and_id(cursor_asked())
    with parts.sessions.begin() as transaction:
        rows = find(transaction, whose, after=after, limit=shown + 1)
        number = len(find(transaction, whose, after=None, limit=COUNTED_TO + 1))
    more = None
    if len(rows) > shown:
        rows = rows[:shown]
        cursor = cursor_of(rows[-1].submitted_at.isoformat(), str(rows[-1].change_id))
        more = url_for("change_requests.requests", all=1 if is_all else None, cursor=cursor)
    return render_list(
        LIST,
        "change_requests/requests.html",
        count=lambda: number,
        rows=rows,
        more=more,
        is_all=is_all,
        kinds=KINDS,
        states=REQUEST_STATES,
    )


@pages.get("/<uuid:change_id>")
@signed_in(rights.READ_CHANGE_REQUESTS)
def one(change_id: uuid.UUID) -> ResponseReturnValue:
    return _page(_found(change_id), RejectForm(formdata=None))


@pages.post("/<uuid:change_id>/accept")
@signed_in(rights.ANSWER_CHANGE_REQUESTS)
def accept(change_id: uuid.UUID) -> ResponseReturnValue:
    parts = access.the_parts()
    url = steps.accept(parts, change_id, access.account())
    if url is not None and parts.mail_server is None:
        # nobody would get it else; with a mail server the link is its holder's alone
        return _page(_found(change_id), RejectForm(formdata=None), url=url)
    flash("Accepted, and done." + (" A one-time link is on its way to the contact." if url else ""))
    return redirect(url_for("change_requests.requests"), 303)


@pages.post("/<uuid:change_id>/reject")
@signed_in(rights.ANSWER_CHANGE_REQUESTS)
def reject(change_id: uuid.UUID) -> ResponseReturnValue:
    form = RejectForm()
    if not form.validate_on_submit():
        return _page(_found(change_id), form)
    steps.reject(access.the_parts(), change_id, access.account(), form.reason.data.strip())
    flash("The change request is rejected.")
    return redirect(url_for("change_requests.requests"), 303)


def _page(found: ChangeRequest, form: RejectForm, **more: Any) -> ResponseReturnValue:
    is_shown_again = bool(form.errors)
    page = render_template(
        "change_requests/request.html",
        asked=found,
        form=form,
        answer=AnswerForm(formdata=None),
        people=names_of(access.the_parts(), access.account(), _ids(found)),
        may_answer=access.may(rights.ANSWER_CHANGE_REQUESTS) and found.state == "pending",
        fields=FIELDS,
        kinds=KINDS,
        roles=ROLE_NAMES,
        states=REQUEST_STATES,
        **more,
    )
    return (page, 400) if is_shown_again else page


def _ids(found: ChangeRequest) -> list[str | None]:
    return [str(one) if one else None for one in (found.submitted_by, found.answered_by)]


def _found(change_id: uuid.UUID) -> ChangeRequest:
    with access.the_parts().sessions.begin() as transaction:
        found = store.request(transaction, change_id, access.account().organisation_id)
    if found is None:
        raise Refused("not_found", "There is no such change request.")
    return found
