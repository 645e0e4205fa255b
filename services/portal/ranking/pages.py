"""Ranked lists as the council keeps them: who is on one, its ranking as it stands, what was frozen (RULES 16)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.ranking import Ranking, TermsSet
from services.portal.audit.telling import tell
from services.portal.ranking import words
from services.portal.ranking.forms import NewListForm, PriceForm, ProposeForm, TermsForm
from services.portal.ranking.quarters import quarter_chosen, quarters_to_choose
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway, matching, organisations
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.people import names_of
from services.portal.web.telling import tell_not_done

pages = Blueprint("ranking", __name__, url_prefix="/ranked-lists")

ONE = "/<uuid:list_id>"
FORGOTTEN = "Nothing was proposed: look at the ranking and press the button again."
LIST = Listing(
    "list",
    "lists",
    rows="lists",
    is_of_provider=False,
    columns={
        "List": "name",
        "Providers": "organisations",
        "Newest frozen ranking": lambda row, page: row["newest"]["quarter"] if row["newest"] else "",
    },
)
HEADINGS = ("Place", "Provider", "Price of an hour", "Quality", "Price points", "Total")


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_RANKINGS)
def lists() -> ResponseReturnValue:
    chosen, client = quarter_chosen(), matching()
    found, appeals = gateway().both(lambda: client.ranked_lists(quarter=chosen), client.ranking_appeals)
    return render_list(
        LIST,
        "ranking/lists.html",
        lists=found,
        appeals=appeals,
        providers=client.organisation_names(organisation_ids=[one["organisation_id"] for one in appeals]),
        words=words,
        may_run=may_run(),
    )


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.CHANGE_RANKINGS)
def new() -> ResponseReturnValue:
    form = NewListForm().renewed()
    if not form.validate_on_submit():
        return show("ranking/new.html", form)
    list_id = form.form_id.data
    try:
        matching().make_ranked_list(list_id=list_id, name=form.name.data)
    except Refused as refused:
        return show_refusal("ranking/new.html", form, refused)
    tell(outcome=form.name.data)
    flash(f"The list {form.name.data} is made. Add its providers with their prices.")
    return redirect(url_for("ranking.one", list_id=list_id), 303)


@pages.get(ONE)
@signed_in(rights.READ_RANKINGS)
def one(list_id: uuid.UUID) -> ResponseReturnValue:
    quarter, client = quarter_chosen(), matching()
    found, now = gateway().both(
        lambda: client.ranked_list(list_id=list_id, quarter=quarter),
        lambda: client.ranking(list_id=list_id, quarter=quarter, is_now=True),
    )
    frozen = [one for one in found["frozen"] if one["quarter"] == quarter]
    people = [who for one in found["frozen"] for who in (one["proposed_by"], one["confirmed_by"])]
    people += [row["set_by"] for row in (*found["prices"], *found["all_terms"]) if row["set_by"]]
    return render_template(
        "ranking/list.html",
        found=found,
        ranking=now["ranking"],
        frozen=frozen[0] if frozen else None,
        quarters=quarters_to_choose(quarter),
        people=names_of(access.the_parts(), access.account(), people),
        words=words,
        may_run=may_run(),
        propose=ProposeForm(formdata=None, quarter=quarter, seen=now["seen"]),
    )


@pages.get(f"{ONE}/ranking.csv")
@signed_in(rights.READ_RANKINGS)
def as_csv(list_id: uuid.UUID) -> ResponseReturnValue:
    """What is frozen of the quarter, else what it would be now."""
    quarter = quarter_chosen()
    ranking = matching().ranking(list_id=list_id, quarter=quarter)["ranking"]
    return csv_for_people(ranking_csv(ranking), f"ranking_{quarter}.csv")


def ranking_csv(ranking: Ranking) -> str:
    """A line a provider, with the figure and the points of each measure."""
    measures = [one["measure"] for one in ranking["terms"]["measures"]]
    headings = [f"{words.NAMES[measure]}, {what}" for measure in measures for what in ("figure", "points")]
    rows = [
        [one["place"], one["organisation"], one["unit_price"], one["quality"], one["price"], one["total"]]
        + [
            one["measures"][measure][what] or ""  # type: ignore[literal-required]
            for measure in measures
            for what in ("figure", "points")
        ]
        for one in ranking["organisations"]
    ]
    return csv_text([*HEADINGS, *headings], rows)


@pages.route(f"{ONE}/price", methods=["GET", "POST"])
@signed_in(rights.CHANGE_RANKINGS)
def price(list_id: uuid.UUID) -> ResponseReturnValue:
    quarter = quarter_chosen()
    found = matching().ranked_list(list_id=list_id, quarter=quarter)
    form = PriceForm(quarter=quarter, organisation=request.args.get("organisation")).among(organisations())
    if not form.validate_on_submit():
        return show("ranking/price.html", form, found=found)
    whose = form.organisation.data
    matching().set_ranked_price(
        list_id=list_id, organisation=whose, quarter=form.quarter.data or "", price=form.given()
    )
    tell(organisation=whose, outcome=f"{found['name']}: {form.given() or 'off the list'}")
    flash(f"{whose} is {'off the list' if form.is_off.data else 'on the list'} from {form.quarter.data} on.")
    return redirect(url_for("ranking.one", list_id=list_id, quarter=form.quarter.data), 303)


@pages.post(f"{ONE}/propose")
@signed_in(rights.CHANGE_RANKINGS)
def propose(list_id: uuid.UUID) -> ResponseReturnValue:
    form, quarter = ProposeForm(), quarter_chosen()
    back = redirect(url_for("ranking.one", list_id=list_id, quarter=quarter), 303)
    if not form.validate_on_submit():
        tell_not_done(FORGOTTEN)
        return back
    try:
        done = matching().propose_ranking(list_id=list_id, quarter=quarter, seen=form.seen.data)
    except Refused as refused:
        if refused.code == "not_found":
            raise
        tell_not_done(refused.message)
        return back
    tell(outcome=f"{quarter}: {done['state']}")
    if done["proposal_id"] is None:
        tell_not_done("It is frozen already as it stands.")
        return back
    flash("The ranking is proposed. Somebody else must confirm it: then it is frozen.")
    return redirect(url_for("proposals.one", proposal_id=done["proposal_id"]), 303)


@pages.route("/terms", methods=["GET", "POST"])
@signed_in(rights.CHANGE_RANKINGS)
def terms() -> ResponseReturnValue:
    """Of all lists that have none of their own."""
    quarter = quarter_chosen()
    found = matching().ranking_terms(quarter=quarter)
    form = TermsForm(quarter=quarter)
    if request.method == "GET":
        form.filled(found["terms"])
    return _set_terms(form, None, None, found["all_terms"])


@pages.route(f"{ONE}/terms", methods=["GET", "POST"])
@signed_in(rights.CHANGE_RANKINGS)
def terms_of_list(list_id: uuid.UUID) -> ResponseReturnValue:
    quarter = quarter_chosen()
    found = matching().ranked_list(list_id=list_id, quarter=quarter)
    form = TermsForm(quarter=quarter)
    if request.method == "GET":
        form.filled(found["terms"])
    return _set_terms(form, list_id, found["name"], found["all_terms"])


def _set_terms(
    form: TermsForm, list_id: uuid.UUID | None, name: str | None, history: list[TermsSet]
) -> ResponseReturnValue:
    page: dict[str, Any] = {"name": name, "list_id": list_id, "history": history, "words": words}
    page["people"] = names_of(
        access.the_parts(), access.account(), [one["set_by"] for one in history if one["set_by"]]
    )
    if not form.validate_on_submit():
        return show("ranking/terms.html", form, **page)
    try:
        matching().set_ranking_terms(
            list_id=list_id,
            quarter=form.quarter.data,
            quality_share=form.quality_share.data.replace("%", "").strip(),
            measures=form.measures(),
        )
    except Refused as refused:
        if refused.code != "terms_wrong":
            raise
        return show("ranking/terms.html", form, problem=refused.message, **page)
    tell(outcome=f"{name or 'All lists'}: from {form.quarter.data}")
    flash(f"They hold from {form.quarter.data} on.")
    if list_id is None:
        return redirect(url_for("ranking.lists"), 303)
    return redirect(url_for("ranking.one", list_id=list_id, quarter=form.quarter.data), 303)


def may_run() -> bool:
    """Whether who is signed in keeps lists."""
    return access.may(rights.CHANGE_RANKINGS)
