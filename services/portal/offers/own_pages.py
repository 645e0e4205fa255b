"""Care that is offered to a provider: looked at, accepted, declined with a reason (RULES 16)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.money.periods.forms import ConfirmForm
from services.portal.offers import words
from services.portal.offers.forms import DeclineForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.forms.faults import show
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked
from services.portal.web.telling import tell_not_done

pages = Blueprint("offers", __name__, url_prefix="/offers")

ONE = "/<uuid:offer_id>"
SHOWN = 50
LIST = Listing("offer of care", "offers of care", rows="found", method="offers", columns=words.OFFER_COLUMNS)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_OFFERS)
def listed() -> ResponseReturnValue:
    place = place_of(cursor_asked(), int)
    shown = rows_wanted(SHOWN)
    found = disputes().offers(before=place[0] if place else None, limit=shown + 1)
    more = None
    if len(found) > shown:
        found = found[:shown]
        more = url_for("offers.listed", cursor=cursor_of(found[-1]["number"]))
    return render_list(LIST, "offers/offers.html", found=found, more=more, words=words)


@pages.get(ONE)
@signed_in(rights.READ_OFFERS)
def one(offer_id: uuid.UUID) -> ResponseReturnValue:
    found = disputes().offer(offer_id=offer_id)
    return render_template(
        "offers/offer.html",
        found=found,
        words=words,
        people=names_of(access.the_parts(), access.account(), [found["answered_by"]]),
        press=ConfirmForm(formdata=None),
    )


@pages.post(f"{ONE}/accept")
@signed_in(rights.ANSWER_OFFERS)
def accept(offer_id: uuid.UUID) -> ResponseReturnValue:
    form = ConfirmForm()
    back = redirect(url_for("offers.one", offer_id=offer_id), 303)
    if not form.validate_on_submit():
        tell_not_done("It was not accepted: look at the offer and press the button again.")
        return back
    try:
        found = disputes().answer_offer(offer_id=offer_id, answer="accepted")
    except Refused as refused:
        if refused.code == "not_found":
            raise
        tell_not_done(refused.message)
        return back
    tell(outcome=f"Requisition {found['number']}: accepted")
    flash("You have accepted. The council’s system sends the care package line item next.")
    return back


@pages.route(f"{ONE}/decline", methods=["GET", "POST"])
@signed_in(rights.ANSWER_OFFERS)
def decline(offer_id: uuid.UUID) -> ResponseReturnValue:
    found, form = disputes().offer(offer_id=offer_id), DeclineForm()
    if not form.validate_on_submit():
        return show("offers/decline.html", form, found=found)
    done = disputes().answer_offer(offer_id=offer_id, answer="declined", reason=form.reason.data or "")
    tell(outcome=f"Requisition {done['number']}: declined")
    flash("You have declined. The council sees your reason.")
    return redirect(url_for("offers.one", offer_id=offer_id), 303)
