"""Council accounts: who of the council can sign in; the helpdesk adds, changes and ends, a second person confirms."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.forms import AnswerForm
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest
from services.portal.staff import asked as asked_of
from services.portal.staff import steps, store, views
from services.portal.staff.forms import ROLE_NAMES, NewAccountForm, RefuseForm, RoleForm
from services.portal.staff.rules import KINDS, STATES, WAITS_FOR, is_over
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.people import names_of

pages = Blueprint("council_accounts", __name__, url_prefix="/council-accounts")

LIST = Listing(
    "account",
    "accounts",
    is_of_provider=False,
    columns={
        "Name": "account.name",
        "E-mail": "account.email",
        "Role": lambda row, page: ROLE_NAMES.get(row.account.role, row.account.role),
        "Last sign-in": lambda row, page: (
            row.account.signed_in_at.isoformat() if row.account.signed_in_at else ""
        ),
        "Second step": "second_step",
        "State": lambda row, page: STATES[row.state][0],
    },
)
OF_ADDRESS = ("account_exists", "already_asked", "email_invalid")
"""Refusals that are shown beside the e-mail address."""


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_STAFF)
def listed() -> ResponseReturnValue:
    parts = access.the_parts()
    with_ended = request.args.get("ended") == "1"
    rows, ended = views.listed(parts, with_ended=with_ended)
    with parts.sessions.begin() as transaction:
        waiting = store.pending(transaction, parts.clock() - WAITS_FOR)
    return render_list(
        LIST,
        "council_accounts/accounts.html",
        rows=rows,
        ended=ended,
        with_ended=with_ended,
        waiting=waiting,
        may_confirm={one.change_id: asked_of.may_confirm(one, access.account()) for one in waiting},
        people=_names(*waiting),
        may_manage=access.may(rights.MANAGE_ACCOUNTS),
        **_words(),
    )


@pages.get("/<uuid:staff_id>")
@signed_in(rights.READ_STAFF)
def one(staff_id: uuid.UUID) -> ResponseReturnValue:
    return _page(staff_id)


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.MANAGE_ACCOUNTS)
def new() -> ResponseReturnValue:
    form = NewAccountForm()
    shown: dict[str, Any] = {"makings": _makings()}
    if not form.validate_on_submit():
        return show("council_accounts/new.html", form, **shown)
    try:
        asked = steps.ask_for_new(
            access.the_parts(), access.account(), form.email.data, form.name.data, form.role.data
        )
    except Refused as refused:
        about = Refused(refused.code, refused.message, {"field": "email", **(refused.details or {})})
        is_of_form = refused.code in OF_ADDRESS or refused.details is not None
        return show_refusal("council_accounts/new.html", form, about if is_of_form else refused, **shown)
    return _asked(asked, f"The account of {form.email.data} is made.")


@pages.route("/<uuid:staff_id>/role", methods=["GET", "POST"])
@signed_in(rights.MANAGE_ACCOUNTS)
def role(staff_id: uuid.UUID) -> ResponseReturnValue:
    found = steps.find(access.the_parts(), staff_id)
    form = RoleForm().but(found.role)
    shown: dict[str, Any] = {"found": found, "makings": _makings(), **_words()}
    if not form.validate_on_submit():
        return show("council_accounts/role.html", form, **shown)
    try:
        asked = steps.ask_for_role(access.the_parts(), access.account(), staff_id, form.role.data)
    except Refused as refused:
        return show_refusal("council_accounts/role.html", form, refused, **shown)
    return _asked(asked, "The role is changed.")


@pages.route("/<uuid:staff_id>/let-in", methods=["GET", "POST"])
@signed_in(rights.MANAGE_ACCOUNTS)
def let_in(staff_id: uuid.UUID) -> ResponseReturnValue:
    found = steps.find(access.the_parts(), staff_id)
    form = RoleForm(role=found.role)
    shown: dict[str, Any] = {"found": found, "makings": _makings(), **_words()}
    if not form.validate_on_submit():
        return show("council_accounts/let_in.html", form, **shown)
    try:
        asked = steps.ask_to_let_in(access.the_parts(), access.account(), staff_id, form.role.data)
    except Refused as refused:
        return show_refusal("council_accounts/let_in.html", form, refused, **shown)
    return _asked(asked, f"The account of {found.email} can be used again.")


@pages.route("/<uuid:staff_id>/end", methods=["GET", "POST"])
@signed_in(rights.MANAGE_ACCOUNTS)
def end(staff_id: uuid.UUID) -> ResponseReturnValue:
    """Pressed twice: the account's page leads here, and the button here ends it."""
    found = steps.find(access.the_parts(), staff_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return show("council_accounts/end.html", form, found=found)
    steps.end(access.the_parts(), staff_id, access.account())
    flash(f"The account of {found.email} has ended, with its sessions, tokens and authenticator app.")
    return redirect(url_for("council_accounts.listed"), 303)


@pages.get("/requests/<uuid:staff_request_id>")
@signed_in(rights.READ_STAFF)
def one_request(staff_request_id: uuid.UUID) -> ResponseReturnValue:
    return _request_page(staff_request_id, RefuseForm(formdata=None))


@pages.post("/requests/<uuid:staff_request_id>/confirm")
@signed_in(rights.CONFIRM_ACCOUNTS)
def confirm(staff_request_id: uuid.UUID) -> ResponseReturnValue:
    parts = access.the_parts()
    done = steps.confirm(parts, staff_request_id, access.account())
    tell(about=_things(done))
    if done.url is not None and parts.mail_server is None:
        # nobody would get it else; whoever confirms has the rights that it gives
        return _request_page(staff_request_id, RefuseForm(formdata=None), url=done.url)
    flash("Confirmed, and done." + (" A one-time link is on its way to the holder." if done.url else ""))
    return redirect(url_for("council_accounts.listed"), 303)


@pages.post("/requests/<uuid:staff_request_id>/refuse")
@signed_in(rights.CONFIRM_ACCOUNTS, rights.MANAGE_ACCOUNTS)
def refuse(staff_request_id: uuid.UUID) -> ResponseReturnValue:
    form = RefuseForm()
    if not form.validate_on_submit():
        return _request_page(staff_request_id, form)
    steps.refuse(access.the_parts(), staff_request_id, access.account(), form.reason.data)
    flash("It is refused: nothing was changed.")
    return redirect(url_for("council_accounts.listed"), 303)


def _asked(asked: steps.Asked, done: str) -> ResponseReturnValue:
    """What came of asking: it waits, or it is done; a link is shown where no mail server could send it."""
    tell(about=_things(asked), outcome="waits for a second person" if asked.waits else "done")
    if asked.waits:
        flash("It waits for a second person, who sees it on this page. Nothing has changed yet.")
        return redirect(url_for("council_accounts.listed"), 303)
    if asked.url is not None and access.the_parts().mail_server is None:
        return _request_page(asked.change_id, RefuseForm(formdata=None), url=asked.url)
    flash(done + (" A one-time link is on its way to the holder." if asked.url else ""))
    return redirect(url_for("council_accounts.listed"), 303)


def _things(asked: steps.Asked) -> list[Thing]:
    things = [Thing("staff_request_id", str(asked.change_id))]
    return things if asked.account_id is None else [*things, Thing("staff_id", str(asked.account_id))]


def _page(staff_id: uuid.UUID) -> ResponseReturnValue:
    parts = access.the_parts()
    found = steps.find(parts, staff_id)
    with parts.sessions.begin() as transaction:
        row = views.look_at(transaction, parts, found)
        requests = store.requests_about(transaction, staff_id)
    return render_template(
        "council_accounts/account.html",
        row=row,
        found=found,
        requests=requests,
        people=_names(*requests),
        may_manage=access.may(rights.MANAGE_ACCOUNTS) and not _is_own(found),
        **_words(),
    )


def _request_page(change_id: uuid.UUID, form: RefuseForm, url: str | None = None) -> ResponseReturnValue:
    parts, who = access.the_parts(), access.account()
    with parts.sessions.begin() as transaction:
        asked = store.request(transaction, change_id)
    if asked is None:
        raise Refused(*steps.NO_REQUEST)
    waits = asked.state == "pending"
    page = render_template(
        "council_accounts/request.html",
        asked=asked,
        is_over=waits and is_over(asked.submitted_at, parts.clock()),
        may_confirm=asked_of.may_confirm(asked, who),
        may_refuse=waits and asked_of.may_refuse(asked, who),
        why_not=waits and asked_of.refusal_to_confirm(asked, who),
        people=_names(asked),
        form=form,
        answer=AnswerForm(formdata=None),
        url=url,
        gains=sorted(table.OVER_MONEY & table.rights_of(str(asked.role))),
        **_words(),
    )
    return (page, 400) if form.errors else page


def _names(*requests: ChangeRequest) -> dict[str, str]:
    ids = [str(who) for one in requests for who in (one.submitted_by, one.answered_by) if who]
    return names_of(access.the_parts(), access.account(), ids)


def _is_own(found: Account) -> bool:
    return found.account_id == access.account().account_id


def _makings() -> list[tuple[str, str]]:
    """Of each role, who must agree; in words."""
    return [
        (ROLE_NAMES[wanted], " or ".join(ROLE_NAMES[one] for one in ROLE_NAMES if one in making.confirmed_by))
        for wanted, making in table.MADE_BY.items()
    ]


def _words() -> dict[str, Any]:
    return {"roles": ROLE_NAMES, "kinds": KINDS, "states": STATES}
