"""Bearer tokens for other systems: a provider's manager has its own, the helpdesk the council's."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from services.portal.accounts import steps
from services.portal.accounts.forms import AnswerForm, TokenForm
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show
from services.portal.web.names.organisations import organisation_of
from services.portal.web.names.people import names_of

pages = Blueprint("tokens", __name__, url_prefix="/tokens")

HOLDERS = ("home_manager", "helpdesk")
"""Who issues and revokes, each for its own side."""
STATES = {
    "good": ("In use", "govuk-tag--green"),
    "over": ("Over", "govuk-tag--grey"),
    "revoked": ("Revoked", "govuk-tag--red"),
}


@pages.route("", methods=["GET", "POST"])
@signed_in(*HOLDERS)
def issued() -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    form = TokenForm()
    if not form.validate_on_submit():
        return _list(form)
    token = steps.add_token(
        parts, organisation_of(account), form.days.data, str(account.account_id), form.purpose.data.strip()
    )
    tell(about=[Thing("token_id", tokens_steps.id_of(token))])
    # shown by this very answer and kept nowhere: a page to go on to could not have it
    return render_template("tokens/token.html", token=token, purpose=form.purpose.data.strip())


@pages.route("/<token_id>/revoke", methods=["GET", "POST"])
@signed_in(*HOLDERS)
def revoke(token_id: str) -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    found = tokens_steps.find(parts, token_id, account.organisation_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_template("tokens/revoke.html", form=form, token=found)
    tokens_steps.revoke(parts, found.token_id, str(account.account_id))
    flash("The token is revoked. It lets nobody in any more.")
    return redirect(url_for("tokens.issued"), 303)


def _list(form: TokenForm) -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    found = tokens_steps.of_organisation(parts, account.organisation_id)
    now = parts.clock()
    return show(
        "tokens/tokens.html",
        form,
        rows=[(token, tokens_steps.state_of(token, now)) for token in found],
        people=names_of(parts, account, (token.made_by for token in found)),
        states=STATES,
    )
