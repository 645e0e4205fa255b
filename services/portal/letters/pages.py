"""Which letters a holder wants by e-mail."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectMultipleField

from libs.common.rights import names as rights
from services.portal.letters import store
from services.portal.letters.rules import ALWAYS, CouncilKind, Kind, kinds_of_role
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.forms.faults import show
from services.portal.web.forms.text import TextForm

pages = Blueprint("notifications", __name__, url_prefix="/notifications")


class SubscriptionsForm(TextForm):
    """The kinds of letters that are ticked."""

    kinds = SelectMultipleField("Send me an e-mail about", choices=[])

    def of(self, offered: Mapping[str, Kind | CouncilKind]) -> SubscriptionsForm:
        """With what is offered to who is signed in."""
        self.kinds.choices = [(kind, one.text) for kind, one in offered.items()]
        return self


@pages.route("", methods=["GET", "POST"])
@signed_in(rights.OWN_ACCOUNT)
def subscriptions() -> ResponseReturnValue:
    parts, account = access.the_parts(), access.account()
    with parts.sessions.begin() as transaction:
        wanted = store.kinds_of(transaction, account.account_id)
    offered = kinds_of_role(account.role)
    form = SubscriptionsForm(data={"kinds": sorted(wanted & offered.keys())}).of(offered)
    if not form.validate_on_submit():
        return show("notifications.html", form, kinds=offered, always=ALWAYS)
    with parts.sessions.begin() as transaction:
        store.save_kinds(transaction, account.account_id, form.kinds.data)
    flash("Your notifications are saved.")
    return redirect(url_for("notifications.subscriptions"), 303)
