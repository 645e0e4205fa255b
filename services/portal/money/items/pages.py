"""A payment item: what of it is paid when, what was done with it; holding, splitting and releasing it (RULES 8)."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.payments.items import ItemInFull, PortionOfItem
from services.portal.audit.telling import tell
from services.portal.money.periods.forms import HoldForm
from services.portal.money.periods.words import DONE, MOVES, PORTIONS
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import gateway, payments
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.words import KINDS

pages = Blueprint("payments_items", __name__, url_prefix="/payments/items")


@pages.get("/<uuid:item_id>")
@signed_in(rights.READ_PAYMENTS)
def one(item_id: uuid.UUID) -> ResponseReturnValue:
    item = payments().payment_item(item_id=str(item_id))
    moved_by = [move["moved_by"] for move in item["moves"]]
    return render_template(
        "payments/item.html",
        item=item,
        ends=_ends_of(item),
        name=client_names(gateway(), caller(), [item["client"]]).get(item["client"]),
        people=names_of(access.the_parts(), access.account(), moved_by),
        kinds=KINDS,
        words=PORTIONS,
        done=DONE,
        may_move=access.may(rights.HOLD_PAYMENTS),
    )


@pages.route("/<uuid:item_id>/hold", methods=["GET", "POST"])
@signed_in(rights.HOLD_PAYMENTS)
def hold(item_id: uuid.UUID) -> ResponseReturnValue:
    item = payments().payment_item(item_id=str(item_id))
    portion = _portion(item)
    form = HoldForm(seen_moves=len(item["moves"])).of(portion["moves"])
    page: dict[str, Any] = {"item": item, "portion": portion, "ends": _ends_of(item), "moves": MOVES}
    if not form.validate_on_submit():
        return show("payments/hold.html", form, **page)
    try:
        payments().move_item(
            item_id=str(item_id),
            name=form.move.data,
            period_start=portion["period_start"],
            status=portion["status"],
            seen_moves=form.seen_moves.data,
            reason=form.reason.data,
            owner=form.owner.data,
            instalments=form.instalments.data or 2,
        )
    except Refused as refused:
        return show_refusal("payments/hold.html", form, refused, **page)
    tell(amount=portion["amount"], outcome=DONE[form.move.data])
    flash(f"{DONE[form.move.data]}. The period’s totals have followed.")
    return redirect(url_for("payments_items.one", item_id=item_id), 303)


def _ends_of(item: ItemInFull) -> dict[str, dt.date]:
    """The last day of each period in which something of the item stands, by the first."""
    starts = {portion["period_start"] for portion in item["portions"]}
    return {start: period_end_of(dt.date.fromisoformat(start)) for start in starts}


def _portion(item: ItemInFull) -> PortionOfItem:
    """What of the item is asked about (`?period=2022-10-03&status=payable`); 404 when nothing can be done with it."""
    place = request.args.get("period"), request.args.get("status")
    for portion in item["portions"]:
        if (portion["period_start"], portion["status"]) == place and portion["moves"]:
            return portion
    abort(404)
