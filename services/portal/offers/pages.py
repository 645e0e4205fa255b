"""Requisitions as the council runs them: made, offered to one provider after the other, withdrawn (RULES 16)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.disputes.offers import RequisitionDetails
from services.portal.audit.telling import tell
from services.portal.offers import words
from services.portal.offers.forms import HoursForm, OfferForm, RequisitionForm, SkipForm, WithdrawForm
from services.portal.offers.making import line_items_of, make_requisition, offer_to
from services.portal.offers.making import withdraw as withdraw_and_tell
from services.portal.ranking.quarters import quarter_chosen
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway, matching
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.forms.faults import show
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked
from services.portal.web.telling import tell_not_done

pages = Blueprint("requisitions", __name__, url_prefix="/requisitions")

ONE = "/<uuid:requisition_id>"
SHOWN = 50
LIST = Listing(
    "requisition",
    "requisitions",
    rows="found",
    method="requisitions",
    is_of_provider=False,
    columns=words.REQUISITION_COLUMNS,
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_REQUISITIONS)
def listed() -> ResponseReturnValue:
    place = place_of(cursor_asked(), int)
    state = request.args.get("state", "")
    chosen = state if state in words.STATES else None
    client, of_matching, shown = disputes(), matching(), rows_wanted(SHOWN)
    found, lists = gateway().both(
        lambda: client.requisitions(state=chosen, before=place[0] if place else None, limit=shown + 1),
        lambda: of_matching.ranked_lists(quarter=quarter_chosen()),
    )
    more = None
    if len(found) > shown:
        found = found[:shown]
        more = url_for("requisitions.listed", state=chosen, cursor=cursor_of(found[-1]["number"]))
    return render_list(
        LIST,
        "offers/requisitions.html",
        found=found,
        more=more,
        chosen=chosen,
        lists=[one for one in lists if one["newest"] is not None],
        words=words,
    )


@pages.route("/new/<uuid:list_id>", methods=["GET", "POST"])
@signed_in(rights.OFFER_CARE)
def new(list_id: uuid.UUID) -> ResponseReturnValue:
    found = matching().ranked_list(list_id=list_id, quarter=quarter_chosen())
    form = RequisitionForm().renewed()
    if not form.validate_on_submit():
        return show("offers/new.html", form, found=found)
    try:
        made = make_requisition(form.form_id.data, list_id, form.wanted())
    except Refused as refused:
        if refused.code != "nothing_frozen":
            raise
        return show("offers/new.html", form, problem=refused.message, found=found)
    tell(outcome=f"Requisition {made['number']}: {made['list']}")
    flash(f"Requisition {made['number']} is made. Nobody is asked yet: offer it to the first provider.")
    return redirect(url_for("requisitions.one", requisition_id=made["requisition_id"]), 303)


@pages.get(ONE)
@signed_in(rights.READ_REQUISITIONS)
def one(requisition_id: uuid.UUID) -> ResponseReturnValue:
    found = disputes().requisition(requisition_id=requisition_id)
    following = found["next_provider"]
    return render_template(
        "offers/requisition.html",
        found=found,
        items=line_items_of(found),
        people=_people(found),
        words=words,
        offer=OfferForm(
            formdata=None, offer_id=str(uuid.uuid4()), place=following["place"] if following else ""
        ),
    )


@pages.post(f"{ONE}/offer")
@signed_in(rights.OFFER_CARE)
def offer(requisition_id: uuid.UUID) -> ResponseReturnValue:
    form = OfferForm()
    back = redirect(url_for("requisitions.one", requisition_id=requisition_id), 303)
    offer_id, place = _id_in(form.offer_id.data), _place_in(form.place.data)
    if not form.validate_on_submit() or offer_id is None or place is None:
        tell_not_done("It was not offered: look at the requisition and press the button again.")
        return back
    try:
        made = offer_to(requisition_id, place, offer_id)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        tell_not_done(refused.message)
        return back
    tell(outcome=f"Requisition {made['number']}, place {place}")
    flash("It is offered. Whoever of the provider wants to know is told by e-mail.")
    return back


@pages.route(f"{ONE}/skip", methods=["GET", "POST"])
@signed_in(rights.OFFER_CARE)
def skip(requisition_id: uuid.UUID) -> ResponseReturnValue:
    found = disputes().requisition(requisition_id=requisition_id)
    following = found["next_provider"]
    if following is None:
        raise Refused("wrong_state", "There is nobody to skip now: look at the requisition again.")
    form = SkipForm(place=following["place"])
    place = _place_in(form.place.data)
    if not form.validate_on_submit() or place is None:
        return show("offers/skip.html", form, found=found, following=following)
    disputes().skip_provider(requisition_id=requisition_id, place=place, reason=form.reason.data or "")
    tell(organisation=following["organisation"], outcome=f"Requisition {found['number']}, place {place}")
    flash(f"{following['organisation']} is skipped.")
    return redirect(url_for("requisitions.one", requisition_id=requisition_id), 303)


@pages.route(f"{ONE}/withdraw", methods=["GET", "POST"])
@signed_in(rights.OFFER_CARE)
def withdraw(requisition_id: uuid.UUID) -> ResponseReturnValue:
    found, form = disputes().requisition(requisition_id=requisition_id), WithdrawForm()
    if not form.validate_on_submit():
        return show("offers/withdraw.html", form, found=found)
    done = withdraw_and_tell(requisition_id, form.reason.data or "")
    tell(outcome=f"Requisition {done['number']}: {done['state']}")
    flash(f"Requisition {done['number']} is withdrawn.")
    return redirect(url_for("requisitions.one", requisition_id=requisition_id), 303)


@pages.route("/offer-hours", methods=["GET", "POST"])
@signed_in(rights.OFFER_CARE)
def hours() -> ResponseReturnValue:
    """For how long offers stand."""
    form, known = HoursForm(), disputes().offer_hours()
    page = {
        "known": known,
        "today": london_day(access.the_parts().clock()),
        "people": names_of(access.the_parts(), access.account(), (one["set_by"] for one in known)),
    }
    if not form.validate_on_submit():
        return show("offers/hours.html", form, **page)
    start = parse_date(form.start.data or "")
    try:
        disputes().set_offer_hours(
            effective_from=start.isoformat() if start else "", hours=form.hours.data or 0
        )
    except Refused as refused:
        if refused.code != "day_wrong":
            raise
        return show("offers/hours.html", form, problem=refused.message, **page)
    tell(outcome=f"{form.hours.data} hours")
    flash(f"Offers made from then on stand for {form.hours.data} hours.")
    return redirect(url_for("requisitions.hours"), 303)


def _people(found: RequisitionDetails) -> dict[str, str]:
    ids = [found["made_by"], *(one["done_by"] for one in found["providers"] if one["done_by"])]
    return names_of(access.the_parts(), access.account(), ids)


def _id_in(text: str | None) -> str | None:
    try:
        return str(uuid.UUID(text or ""))
    except ValueError:
        return None


def _place_in(text: str | None) -> int | None:
    found = str(text or "")
    return int(found) if found.isascii() and found.isdigit() and len(found) < 5 else None
