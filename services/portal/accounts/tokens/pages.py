"""Bearer tokens for other systems: each person's own, with what they may do themselves (RULES 14).

A council token that writes waits here for its second person. Whoever manages accounts can end any token of their side.
"""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts.forms import AnswerForm, TokenForm
from services.portal.accounts.tokens import rules as tokens_rules
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.schema.tables_accounts import Token
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, keep_list
from services.portal.web.names.organisations import organisation_of
from services.portal.web.names.people import names_of

pages = Blueprint("tokens", __name__, url_prefix="/tokens")

STATES = {
    "good": ("In use", "govuk-tag--green"),
    "waiting": ("Waits for a second person", "govuk-tag--yellow"),
    "over": ("Over", "govuk-tag--grey"),
    "revoked": ("Revoked", "govuk-tag--red"),
}
OPEN = ("good", "waiting")
LIST = Listing(
    "token",
    "tokens",
    is_of_provider=False,
    columns={
        "Purpose": "token.purpose",
        "Token": "token.token_id",
        "Owner": name_from("people", "owner"),
        "Scopes": lambda row, page: ", ".join(row["token"].scopes),
        "Made": lambda row, page: row["token"].made_at.isoformat(),
        "Over": lambda row, page: row["token"].over_at.isoformat(),
        "Last used": lambda row, page: row["token"].used_at.isoformat() if row["token"].used_at else "",
        "State": lambda row, page: STATES[row["state"]][0],
    },
)


@also_as_csv(pages)
@pages.route("", methods=["GET", "POST"])
@signed_in(rights.MANAGE_TOKENS)
def issued() -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    form = TokenForm().for_holder(table.scopes_of((account.role,)))
    if not form.validate_on_submit():
        page = _page()
        return "" if keep_list(LIST, page) else show("tokens/tokens.html", form, **page)
    purpose = form.purpose.data.strip()
    try:
        token = tokens_steps.add(
            parts,
            organisation_of(account),
            form.days.data,
            str(account.account_id),
            purpose,
            owner=account,
            scopes=form.scopes.data,
        )
    except Refused as refused:
        return show_refusal("tokens/tokens.html", form, refused, **_page())
    tell(about=[Thing("token_id", tokens_steps.id_of(token))], outcome=", ".join(sorted(form.scopes.data)))
    waits = tokens_rules.needs_second_person(form.scopes.data, is_council=account.organisation_id is None)
    # shown by this very answer and kept nowhere: a page to go on to could not have it
    return render_template("tokens/token.html", token=token, purpose=purpose, waits=waits)


@pages.route("/<token_id>/confirm", methods=["GET", "POST"])
@signed_in(rights.MANAGE_TOKENS)
def confirm(token_id: str) -> ResponseReturnValue:
    """The second person: looks at what the token may do, and says that it may."""
    parts, account = access.the_parts(), access.account()
    found = tokens_steps.find(parts, token_id, account.organisation_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        owner = names_of(parts, account, [_owner_of(found)])
        return render_template(
            "tokens/confirm.html",
            form=form,
            token=found,
            owner=owner[_owner_of(found)],
            may_confirm=tokens_steps.may_confirm(found, account, parts.clock()),
        )
    tokens_steps.confirm(parts, found.token_id, account)
    flash("The token is confirmed. It can write from now on.")
    return redirect(url_for("tokens.issued"), 303)


@pages.route("/<token_id>/revoke", methods=["GET", "POST"])
@signed_in(rights.MANAGE_TOKENS)
def revoke(token_id: str) -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    found = tokens_steps.find(parts, token_id, account.organisation_id)
    if not _may_revoke(found):
        abort(403, "Its owner can end this token, or the helpdesk.")
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_template("tokens/revoke.html", form=form, token=found)
    tokens_steps.revoke(parts, found.token_id, str(account.account_id))
    flash("The token is revoked. It lets nobody in any more.")
    return redirect(url_for("tokens.issued"), 303)


def _page() -> dict[str, object]:
    parts, account = access.the_parts(), access.account()
    found, now = tokens_steps.of_organisation(parts, account.organisation_id), parts.clock()
    rows = [
        {
            "token": token,
            "state": tokens_steps.state_of(token, now),
            "owner": _owner_of(token),
            "may_confirm": tokens_steps.may_confirm(token, account, now),
            "may_revoke": _may_revoke(token),
        }
        for token in found
    ]
    people = [who for token in found for who in (_owner_of(token), token.confirmed_by)]
    return {"rows": rows, "people": names_of(parts, account, people), "states": STATES, "open": OPEN}


def _owner_of(token: Token) -> str:
    return str(token.owner_id) if token.owner_id else token.made_by


def _may_revoke(token: Token) -> bool:
    return access.may(rights.END_TOKENS_OF_OTHERS) or token.owner_id == access.account().account_id
