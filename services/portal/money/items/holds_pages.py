"""Weeks of care whose payment is held: listed, held, released, and what their clients are charged (RULES 8)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from libs.common.seams.payments.holds import WeekDecision, WeekHold
from services.portal.audit.telling import tell
from services.portal.money.items.holds_forms import ChargeForm, PlaceHoldForm, ReleaseHoldForm
from services.portal.money.periods.words import CHARGED, HELD, PORTIONS
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import day_named
from services.portal.web.calls import gateway, organisation_chosen, organisations_question, payments
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.forms.faults import show
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked

pages = Blueprint("payments_holds", __name__, url_prefix="/payments/holds")

HOLDS_SHOWN = 50
LIST = Listing(
    "week that is held",
    "weeks that are held",
    rows="holds",
    method="holds",
    columns={
        "Week from": "week",
        "Client": "client",
        "Client name": name_from("names", "client"),
        "Line item": "cpli_id",
        "Provider": "organisation",
        "Hold": lambda row, page: HELD[row["kind"]][0],
        "Charge": lambda row, page: CHARGED[row["charge"]],
        "Payable from": "pays_from",
        "Reason": "reason",
        "Ask": "owner",
        "Held": "held",
    },
)
PATH_OF_WEEK = "/<int:cpli_id>/<week>"


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_HOLDS)
def holds() -> ResponseReturnValue:
    place = place_of(cursor_asked(), int, str)
    after = (place[0], day_named(place[1]).isoformat()) if place else None
    whose = organisation_chosen()
    client, shown = payments(), rows_wanted(HOLDS_SHOWN)
    found, providers = gateway().both(
        lambda: client.holds(organisation=whose, after=after, limit=shown + 1), organisations_question()
    )
    more = None
    if len(found) > shown:
        found = found[:shown]
        cursor = cursor_of(found[-1]["cpli_id"], found[-1]["week"])
        more = url_for("payments_holds.holds", organisation=whose, cursor=cursor)
    return render_list(
        LIST,
        "payments/holds.html",
        holds=found,
        more=more,
        organisations=providers,
        organisation=whose,
        names=client_names(gateway(), caller(), (hold["client"] for hold in found)),
        words=HELD,
        charged=CHARGED,
    )


@pages.get(PATH_OF_WEEK)
@signed_in(rights.READ_HOLDS)
def one(cpli_id: int, week: str) -> ResponseReturnValue:
    found = _week(cpli_id, week)
    return render_template(
        "payments/held_week.html",
        week=found,
        words=HELD,
        portions=PORTIONS,
        charged=CHARGED,
        name=client_names(gateway(), caller(), [found["client"]]).get(found["client"]),
        people=_people(found["decisions"]),
        may_decide=access.may(rights.HOLD_PAYMENTS),
    )


@pages.route(f"{PATH_OF_WEEK}/hold", methods=["GET", "POST"])
@signed_in(rights.HOLD_PAYMENTS)
def place(cpli_id: int, week: str) -> ResponseReturnValue:
    found = _week(cpli_id, week)
    form = PlaceHoldForm(seen=len(found["decisions"]))
    if not form.validate_on_submit():
        return show("payments/hold_week.html", form, week=found, portions=PORTIONS)
    payments().place_hold(
        cpli_id=cpli_id,
        monday=week,
        kind=form.kind.data,
        charge=form.charge.data or None,
        owner=form.owner.data,
        reason=form.reason.data,
        seen=form.seen.data,
    )
    tell(amount=found["unpaid"], outcome=HELD[form.kind.data][0])
    return _back_to(found, f"{HELD[form.kind.data][0]}. The period’s totals have followed.")


@pages.route(f"{PATH_OF_WEEK}/release", methods=["GET", "POST"])
@signed_in(rights.HOLD_PAYMENTS)
def release(cpli_id: int, week: str) -> ResponseReturnValue:
    found = _week(cpli_id, week)
    if not found["may_be_released"]:
        abort(404)
    form = ReleaseHoldForm(seen=len(found["decisions"]))
    if not form.validate_on_submit():
        return show("payments/release_week.html", form, week=found, portions=PORTIONS)
    payments().release_hold(
        cpli_id=cpli_id,
        monday=week,
        charge=form.charge.data,
        reason=form.reason.data,
        seen=form.seen.data,
    )
    tell(amount=found["held"], outcome="released")
    return _back_to(found, "Released. It is paid in the earliest open period.")


@pages.route(f"{PATH_OF_WEEK}/charge", methods=["GET", "POST"])
@signed_in(rights.HOLD_PAYMENTS)
def charge(cpli_id: int, week: str) -> ResponseReturnValue:
    found = _week(cpli_id, week)
    if not found["decisions"]:
        abort(404)
    newest = found["decisions"][-1]
    form = ChargeForm(seen=len(found["decisions"]), charge=newest["charge"])
    if not form.validate_on_submit():
        return show("payments/charge_of_week.html", form, week=found)
    payments().decide_charge(
        cpli_id=cpli_id,
        monday=week,
        charge=form.charge.data,
        reason=form.reason.data,
        seen=form.seen.data,
    )
    tell(outcome=CHARGED[form.charge.data])
    return _back_to(found, "Decided. The client’s charge follows in a moment.")


def _back_to(week: WeekHold, words: str) -> ResponseReturnValue:
    flash(words)
    return redirect(url_for("payments_holds.one", cpli_id=week["cpli_id"], week=week["week"]), 303)


def _week(cpli_id: int, week: str) -> WeekHold:
    """The week, by its Monday; 404 for what is none."""
    day = day_named(week)
    if day.weekday() or not 0 < cpli_id < 2**63:
        abort(404)
    return payments().week_hold(cpli_id=cpli_id, monday=week)


def _people(decisions: Iterable[WeekDecision]) -> dict[str, str]:
    return names_of(access.the_parts(), access.account(), [one["placed_by"] for one in decisions])
