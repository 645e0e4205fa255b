"""Line items of which less or more is delivered than commissioned, week after week, and the action about each (RULES 16)."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import ACTION
from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.measures import CpliDelivery
from services.portal.audit.telling import tell
from services.portal.casework.cases.letters import BEGUN, tell_of_move
from services.portal.monitoring.settings.forms import ActionForm
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import (
    disputes,
    gateway,
    is_council,
    matching,
    organisation_chosen,
    organisations_question,
)
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, file_name
from services.portal.web.downloads.owners import today, whose_name
from services.portal.web.formats import day
from services.portal.web.names.clients import client_names
from services.portal.web.pictures.charts import Chart, chart_of
from services.portal.web.telling import tell_not_done

pages = Blueprint("under_delivery", __name__, url_prefix="/under-delivery")

DIRECTIONS: Final = {"under": "Less than commissioned", "over": "More than commissioned"}
LAST_CPLI_ID: Final = 2**63 - 1


class Found(NamedTuple):
    """A line item's delivery, and the id of its organisation."""

    item: CpliDelivery
    organisation_id: str


@pages.get("")
@signed_in(rights.READ_MEASURES)
def listed() -> ResponseReturnValue:
    """All of them; those with the largest saving first for the council."""
    client, whose, direction = matching(), organisation_chosen(), _direction()
    found, providers = gateway().both(
        lambda: client.under_delivery(organisation=whose), organisations_question()
    )
    items = in_order([one for one in found if direction in (None, one["direction"])])
    return render_template(
        "monitoring/under_delivery.html",
        items=items,
        actions=disputes().delivery_actions(cpli_ids=[one["cpli_id"] for one in items]),
        names=client_names(gateway(), caller(), (one["client"] for one in items)),
        chosen={"organisation": whose, "direction": direction},
        organisations=providers,
        directions=DIRECTIONS,
        is_council=is_council(),
    )


@pages.get("/under-delivery.csv")
@signed_in(rights.READ_MEASURES)
def as_csv() -> ResponseReturnValue:
    whose, direction = organisation_chosen(), _direction()
    found = matching().under_delivery(organisation=whose)
    items = in_order([one for one in found if direction in (None, one["direction"])])
    actions = disputes().delivery_actions(cpli_ids=[one["cpli_id"] for one in items])
    money = ["Saving a year", "Of it the client’s"] if is_council() else []
    headings = [
        *("CpliId", "Provider", "Client", "Direction"),
        *("Commissioned hours a week", "Delivered hours a week", "Median hours a week"),
        *money,
        *("Action", "State of the action", "What was said last"),
    ]
    rows = []
    for one in items:
        action = actions.get(one["cpli_id"])
        saved = [one["saving_a_year"], one["client_saving_a_year"]] if is_council() else []
        told = [action["number"], action["state"], action["last_words"]] if action else ["", "", ""]
        hours = [one["commissioned_hours"], one["delivered_hours"], one["median_hours"]]
        rows.append(
            [one["cpli_id"], one["organisation"], one["client"], one["direction"], *hours, *saved, *told]
        )
    name = file_name("under-delivery", "csv", provider=whose_name(whose), as_at=today())
    return csv_for_people(csv_text(headings, rows), name)


@pages.get("/<int:cpli_id>")
@signed_in(rights.READ_MEASURES)
def one(cpli_id: int) -> ResponseReturnValue:
    """A line item's weeks, what they come to, and its action."""
    item = require_delivery(cpli_id).item
    return render_template(
        "monitoring/delivery.html",
        item=item,
        action=disputes().delivery_actions(cpli_ids=[cpli_id]).get(cpli_id),
        name=client_names(gateway(), caller(), [item["client"]]).get(item["client"]),
        chart=picture_of(item),
        directions=DIRECTIONS,
        is_council=is_council(),
        may_open=access.may(rights.OPEN_DELIVERY_ACTIONS),
        press=ActionForm(formdata=None),
    )


@pages.post("/<int:cpli_id>/action")
@signed_in(rights.OPEN_DELIVERY_ACTIONS)
def open_action(cpli_id: int) -> ResponseReturnValue:
    """Open the action of a line item's review, or go to the one that is open."""
    (item, organisation_id), back = require_delivery(cpli_id), url_for("under_delivery.one", cpli_id=cpli_id)
    if not ActionForm().validate_on_submit():
        return redirect(back, 303)
    case_id = uuid.uuid4()
    opened = disputes().open_delivery_action(
        case_id=case_id,
        organisation_id=organisation_id,
        cpli_id=cpli_id,
        client_reference=item["client"],
        subject=f"Review of what is delivered on CPLI {cpli_id}",
        words=words_of(item),
    )
    tell(organisation=item["organisation"], outcome=f"Action {opened['number']}")
    if opened["is_new"]:
        tell_of_move(disputes().case(kind=ACTION, case_id=case_id), BEGUN, case_id)
        flash(f"Action {opened['number']} is opened, and assigned to the provider.")
    else:
        tell_not_done(f"Action {opened['number']} about this line item is open already.")
    return redirect(url_for("actions.one", action_id=opened["case_id"]), 303)


def require_delivery(cpli_id: int) -> Found:
    """The line item, where its delivery is consistently under or over; 404 where it is not, or is another's."""
    line_item = matching().line_item(cpli_id=min(cpli_id, LAST_CPLI_ID))
    found = matching().under_delivery(organisation=line_item["organisation"])
    item = next((one for one in found if one["cpli_id"] == cpli_id), None)
    return Found(item, line_item["organisation_id"]) if item is not None else abort(404)


def in_order(items: list[CpliDelivery]) -> list[CpliDelivery]:
    """The largest saving first; for a provider by line item."""
    return sorted(
        items, key=lambda one: (-Decimal(one["saving_a_year"] or 0), one["organisation"], one["cpli_id"])
    )


def words_of(item: CpliDelivery) -> str:
    """What the action says first: hours alone, since what is saved is the council's."""
    weeks = "\n".join(f"Week from {day(week['monday'])}: {week['hours']} hours" for week in item["weeks"])
    less = "less" if item["direction"] == "under" else "more"
    return (
        f"Of the last {len(item['weeks'])} whole weeks most had {less} delivered than the"
        f" {item['commissioned_hours']} hours a week that are commissioned; the median week has"
        f" {item['median_hours']} hours. Please tell us why, and whether the plan should become what is delivered."
        f"\n{weeks}"
    )


def picture_of(item: CpliDelivery) -> Chart | None:
    """The hours of each week, the oldest first, against what is commissioned."""
    values = [(day(week["monday"])[:-5], Decimal(week["hours"])) for week in reversed(item["weeks"])]
    told = ", ".join(f"{label}: {value}" for label, value in values)
    in_words = f"Hours by week: {told}. {item['commissioned_hours']} are commissioned. The table has the same figures."
    mark = (Decimal(item["commissioned_hours"]), f"Commissioned: {item['commissioned_hours']}")
    return chart_of(
        "Hours delivered by week", in_words, [(label, [value]) for label, value in values], mark=mark
    )


def _direction() -> str | None:
    given = request.args.get("direction", "")
    return given if given in DIRECTIONS else None
