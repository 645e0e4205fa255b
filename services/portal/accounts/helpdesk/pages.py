"""The council's helpdesk: requests for a reset, one-time links, locks, accounts that are disabled."""

from __future__ import annotations

import uuid

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts import steps, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.forms import AnswerForm, FindForm, LinkForm
from services.portal.accounts.helpdesk import resets
from services.portal.letters import mail
from services.portal.letters.words import in_words
from services.portal.schema.tables_accounts import Account
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show

NO_MAIL_SERVER = (
    "No mail server is set up, and a link to an account with rights over money is not shown here: whoever runs the "
    "machine makes one with “caretally user reset”."
)

pages = Blueprint("helpdesk", __name__, url_prefix="/helpdesk")


@pages.route("", methods=["GET", "POST"])
@signed_in(rights.MANAGE_ACCOUNTS)
def helpdesk() -> ResponseReturnValue:
    parts = access.the_parts()
    form = FindForm()
    if form.validate_on_submit():
        try:
            found = steps.find(parts, form.email.data)
        except Refused as refused:
            form.email.errors = [*form.email.errors, refused.message]
        else:
            return redirect(url_for("helpdesk.one", account_id=found.account_id), 303)
    with parts.sessions.begin() as transaction:
        requests = store.open_requests(transaction)
        locked = store.locked_accounts(transaction, parts.clock())
        unsent = mail.find_unsent(transaction)
    return show(
        "helpdesk/helpdesk.html",
        form,
        requests=requests,
        locked=locked,
        unsent=unsent,
        answer=AnswerForm(),
        in_words=in_words,
    )


@pages.get("/accounts/<uuid:account_id>")
@signed_in(rights.MANAGE_ACCOUNTS)
def one(account_id: uuid.UUID) -> ResponseReturnValue:
    return _page(account_id)


@pages.post("/accounts/<uuid:account_id>/link")
@signed_in(rights.MANAGE_ACCOUNTS)
def send_link(account_id: uuid.UUID) -> ResponseReturnValue:
    parts, form = access.the_parts(), LinkForm()
    found = _account(parts, account_id)
    url = resets.make_link(
        parts, account_id, str(access.account().account_id), without_app=form.without_app.data
    )
    if parts.mail_server is not None:
        return _done(account_id, f"A one-time link is on its way to {found.email}.")
    if found.organisation_id is None and table.needs_second_person(found.role):
        # whoever sees it could set the password and be that person (RULES 14: nobody gives what they don't have)
        return _done(account_id, NO_MAIL_SERVER)
    # nobody would get it else; with a mail server the link is its holder's alone
    return _page(account_id, url)


@pages.post("/accounts/<uuid:account_id>/unlock")
@signed_in(rights.MANAGE_ACCOUNTS)
def unlock(account_id: uuid.UUID) -> ResponseReturnValue:
    parts = access.the_parts()
    _account(parts, account_id)
    resets.unlock(parts, account_id, str(access.account().account_id))
    return _done(account_id, "Sign-in is unlocked.")


@pages.post("/accounts/<uuid:account_id>/disable")
@signed_in(rights.MANAGE_ACCOUNTS)
def disable(account_id: uuid.UUID) -> ResponseReturnValue:
    steps.disable(access.the_parts(), account_id, str(access.account().account_id))
    return _done(account_id, "The account is disabled. Whoever was signed in with it is signed out.")


@pages.post("/accounts/<uuid:account_id>/enable")
@signed_in(rights.MANAGE_ACCOUNTS)
def enable(account_id: uuid.UUID) -> ResponseReturnValue:
    parts = access.the_parts()
    if _account(parts, account_id).organisation_id is None:
        raise Refused(
            "not_allowed", "Ask for it on the page of council accounts: a second person may have to agree."
        )
    steps.enable(parts, account_id, str(access.account().account_id))
    return _done(account_id, "The account can be used again.")


@pages.post("/requests/<uuid:request_id>/dismiss")
@signed_in(rights.MANAGE_ACCOUNTS)
def dismiss(request_id: uuid.UUID) -> ResponseReturnValue:
    resets.dismiss(access.the_parts(), request_id, str(access.account().account_id))
    flash("The request is closed.")
    return redirect(url_for("helpdesk.helpdesk"), 303)


def _done(account_id: uuid.UUID, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for("helpdesk.one", account_id=account_id), 303)


def _page(account_id: uuid.UUID, url: str | None = None) -> ResponseReturnValue:
    parts = access.the_parts()
    found = _account(parts, account_id)
    with parts.sessions.begin() as transaction:
        until = store.last_lock(transaction, found.subject, parts.clock())
    return render_template(
        "helpdesk/account.html",
        found=found,
        is_own=found.account_id == access.account().account_id,
        disabled_since=found.disabled_at and in_words(found.disabled_at),
        locked_until=until and in_words(until),
        form=LinkForm(formdata=None),
        answer=AnswerForm(formdata=None),
        url=url,
    )


def _account(parts: Parts, account_id: uuid.UUID) -> Account:
    with parts.sessions.begin() as transaction:
        found = store.account(transaction, account_id)
    if found is None:
        abort(404)
    return found
