"""Samples: weeks of care picked at random or by their differences, to be looked at (RULES 9)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.doubts import DISMISSED, MOST_AT_ONCE
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.casework.worklist import views
from services.portal.casework.worklist.forms import SampleForm
from services.portal.casework.worklist.weeks import monday_asked
from services.portal.casework.worklist.words import KINDS, STATES, TICK_SOME, WAYS
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, gateway, matching, organisations
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, keep_list
from services.portal.web.names.organisations import names_by_id
from services.portal.web.names.people import names_of

pages = Blueprint("worklist_samples", __name__, url_prefix="/worklist/samples")

SEED_DIGITS = 6
LIST = Listing(
    "sample of this week",
    "samples of this week",
    rows="samples",
    is_of_provider=False,
    columns={
        "Week from": "monday",
        "Way": lambda row, page: WAYS[row["way"]],
        "Size": "size",
        "Seed": "seed",
        "Provider": lambda row, page: page["providers"].get(row["organisation_id"], "All providers"),
        "Picked by": name_from("people", "picked_by"),
        "Picked": "picked_at",
        "Left to do": "left_to_do",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_WORKLIST)
def samples() -> ResponseReturnValue:
    return _page(_form(formdata=None))


@pages.post("")
@signed_in(rights.SETTLE_CASEWORK)
def pick() -> ResponseReturnValue:
    form = _form()
    if not form.validate_on_submit():
        return _page(form)
    way, size = form.way.data, form.size.data
    drawn = f"{access.the_parts().chance.randrange(10**SEED_DIGITS):0{SEED_DIGITS}}"
    seed = ((form.seed.data or "").strip() or drawn) if way == "random" else ""
    monday = monday_asked()[0].isoformat()
    try:
        organisation = form.organisation.data or None
        found = matching().sample_of_week(
            organisation=organisation, monday=monday, way=way, size=size, seed=seed
        )
    except Refused as refused:
        form.organisation.errors = [refused.message]
        return show_refusal("worklist/samples.html", form, refused, **_facts())
    if not found["rows"]:
        form.way.errors = ["This week holds no visits that were matched: choose another week"]
        return _page(form)
    sample_id = str(uuid.uuid4())
    disputes().keep_sample(sample_id=sample_id, monday=monday, way=way, size=size, seed=seed, **found)
    flash(f"{len(found['rows'])} of {found['out_of']:,} care packages were picked.")
    return redirect(url_for("worklist_samples.one", sample_id=sample_id), 303)


@pages.get("/<uuid:sample_id>")
@signed_in(rights.READ_WORKLIST)
def one(sample_id: uuid.UUID) -> ResponseReturnValue:
    found = disputes().sample(sample_id=sample_id)
    rows = disputes().doubts(sample_id=sample_id, limit=MOST_AT_ONCE)
    people = names_of(
        access.the_parts(), access.account(), (found["picked_by"], *(row["settled_by"] for row in rows))
    )
    return render_template(
        "worklist/sample.html",
        sample=found,
        problem=TICK_SOME if "none" in request.args else None,
        provider=names_by_id(gateway()).get(found["organisation_id"] or "", ""),
        rows=views.show_doubts(rows),
        people=people,
        kinds=KINDS,
        states=STATES | {DISMISSED: "Looked at"},
        ways=WAYS,
        is_ticked="all" in request.args,
    )


def _form(**more: Any) -> SampleForm:
    return SampleForm(**more).among(organisations())


def _page(form: SampleForm) -> ResponseReturnValue:
    facts = _facts()
    return "" if keep_list(LIST, facts) else show("worklist/samples.html", form, **facts)


def _facts() -> dict[str, object]:
    monday, _ = monday_asked()
    rows = disputes().samples(monday=monday)
    people = names_of(access.the_parts(), access.account(), (row["picked_by"] for row in rows))
    by_id = names_by_id(gateway())
    return {"monday": monday, "samples": rows, "people": people, "providers": by_id, "ways": WAYS}
