"""The worklist: what a week's data makes doubtful, to be raised as disputes or dismissed, singly or many at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.doubts import KINDS
from libs.common.care.weeks import DAYS_IN_A_WEEK, monday_of
from services.portal.casework.worklist import views
from services.portal.casework.worklist.forms import DismissForm, RaiseDoubtsForm, raise_form
from services.portal.casework.worklist.words import KINDS as KINDS_IN_WORDS
from services.portal.casework.worklist.words import STATES
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.addresses import a_day_of
from services.portal.web.calls import KEEPERS, ask, caller, gateway, organisation_chosen, organisations
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.dates import day_of_week_given
from services.portal.web.form_faults import show
from services.portal.web.organisations import id_of, names_by_id
from services.portal.web.people import names_of

pages = Blueprint("worklist", __name__, url_prefix="/worklist")

SHOWN = 50
LOOK_AGAIN_SECONDS = 2
LOOKS_WITHIN = dt.timedelta(minutes=1)
A_WEEK = dt.timedelta(days=DAYS_IN_A_WEEK)
TICK_SOME = "Tick one or more in the list first"

Row = dict[str, Any]


@pages.get("")
@signed_in(*KEEPERS)
def doubts() -> ResponseReturnValue:
    weeks = ask("disputes", "doubt_weeks")
    monday, problem = monday_asked()
    chosen = _chosen()
    names = organisations()
    found = ask("disputes", "doubt_week", monday=monday.isoformat(), **_limits(chosen))
    rows, more = _page(monday, chosen)
    by_id = names_by_id(gateway(), (one for one, _ in found["organisations"]))
    page = render_template(
        "worklist/worklist.html",
        problem=problem or (TICK_SOME if "none" in request.args else None),
        is_date_wrong=bool(problem),
        monday=monday,
        before=_link(monday - A_WEEK, chosen),
        after=_link(monday + A_WEEK, chosen),
        weeks=[week | {"link": _link(dt.date.fromisoformat(week["monday"]), chosen)} for week in weeks],
        week=found,
        providers=[(by_id.get(one, one), number) for one, number in found["organisations"]],
        rows=views.shown(gateway(), caller(), rows),
        people=names_of(access.the_parts(), access.account(), (row["settled_by"] for row in rows)),
        more=more,
        chosen=chosen,
        is_ticked="all" in request.args,
        tick_all=_link(monday, chosen | {"all": "y", "cursor": request.args.get("cursor")}),
        is_looking=_is_looking(found),
        organisations=names,
        kinds=KINDS_IN_WORDS,
        choices=KINDS,
        states=STATES,
        counted_states={
            name: f"{words} ({found['states'].get(name, 0):,})" for name, words in STATES.items()
        },
    )
    return Response(page, headers={"Refresh": str(LOOK_AGAIN_SECONDS)} if _is_looking(found) else None)


@pages.post("/look")
@signed_in(*KEEPERS)
def look() -> ResponseReturnValue:
    monday, _ = monday_asked()
    ask("disputes", "look_at_week", monday=monday.isoformat())
    asked_at = access.the_parts().clock().isoformat()
    return redirect(url_for("worklist.doubts", week=a_day_of(monday), looking=asked_at), 303)


@pages.get("/raise")
@signed_in(*KEEPERS)
def choose_to_raise() -> ResponseReturnValue:
    rows = ticked()
    return _raise_page(rows, raise_form(_reasons(rows))) if rows else _none_ticked()


@pages.post("/raise")
@signed_in(*KEEPERS)
def raise_them() -> ResponseReturnValue:
    rows = ticked()
    if not rows:
        return _none_ticked()
    form = raise_form(_reasons(rows))
    if not form.validate_on_submit():
        return _raise_page(rows, form)
    done = views.raise_doubts(gateway(), caller(), rows, form.words(), seed=uuid.UUID(form.form_id.data))
    number = len(done["disputes"])
    sentence = f"{number or 'No'} {'disputes are' if number > 1 else 'dispute is'} raised."
    if done["left"]:
        return _left_page(rows, done, sentence)
    flash(sentence)
    return redirect(back_to(rows), 303)


@pages.get("/dismiss")
@signed_in(*KEEPERS)
def choose_to_dismiss() -> ResponseReturnValue:
    rows = ticked()
    return _dismiss_page(rows, DismissForm()) if rows else _none_ticked()


@pages.post("/dismiss")
@signed_in(*KEEPERS)
def dismiss() -> ResponseReturnValue:
    rows, form = ticked(), DismissForm()
    if not rows:
        return _none_ticked()
    if not form.validate_on_submit():
        return _dismiss_page(rows, form)
    ids = [row["doubt_id"] for row in rows]
    done = ask("disputes", "dismiss_doubts", doubt_ids=ids, why=form.why.data.strip())
    what = "noted as looked at" if rows[0]["sample_id"] else "dismissed"
    flash(f"{done['done']} {'is' if done['done'] == 1 else 'are'} {what}.{_left(done)}")
    return redirect(back_to(rows), 303)


def ticked() -> list[Row]:
    """The doubts that were ticked in a list, as they are now."""
    ids = views.ids_in(request.values.getlist("doubt"), SHOWN * 4)
    rows: list[Row] = ask("disputes", "doubts_chosen", doubt_ids=ids) if ids else []
    return rows


def back_to(rows: list[Row]) -> str:
    """The list from which doubts were chosen."""
    if rows[0]["sample_id"]:
        return url_for("worklist_samples.one", sample_id=rows[0]["sample_id"])
    return _link(dt.date.fromisoformat(rows[0]["monday"]), _chosen())


def _none_ticked() -> ResponseReturnValue:
    status = 302 if request.method == "GET" else 303
    sample_id = views.ids_in(request.values.getlist("sample"), 1)
    if sample_id:
        return redirect(url_for("worklist_samples.one", sample_id=sample_id[0], none="y"), status)
    return redirect(_link(monday_asked()[0], _chosen() | {"none": "y"}), status)


def _raise_page(rows: list[Row], form: RaiseDoubtsForm) -> ResponseReturnValue:
    return show("worklist/raise.html", form, **_facts_of_page(rows))


def _dismiss_page(rows: list[Row], form: DismissForm) -> ResponseReturnValue:
    return show("worklist/dismiss.html", form, **_facts_of_page(rows))


def _left_page(rows: list[Row], done: Row, sentence: str) -> str:
    """What was raised, and which doubts were not, each with the reason."""
    why = {one["doubt_id"]: one["message"] for one in done["left"]}
    left = [row for row in rows if row["doubt_id"] in why]
    return render_template("worklist/left.html", sentence=sentence, why=why, **_facts_of_page(left))


def _facts_of_page(rows: list[Row]) -> Row:
    """What the pages of chosen doubts show of them."""
    found = views.shown(gateway(), caller(), rows)
    return {"rows": found, "kinds": KINDS_IN_WORDS, "back": back_to(rows), "chosen": _chosen()}


def _reasons(rows: list[Row]) -> list[str]:
    return sorted({row["reason"] for row in rows})


def _left(done: Row) -> str:
    if not done["left"]:
        return ""
    return (
        f" {done['left']} {'was' if done['left'] == 1 else 'were'} settled or gone meanwhile, and left alone."
    )


def _page(monday: dt.date, chosen: Row) -> tuple[list[Row], str | None]:
    """A page of doubts, and the link to the next."""
    place = place_of(request.args.get("cursor"), str)
    rows: list[Row] = ask(
        "disputes",
        "doubts",
        week=monday.isoformat(),
        states=[chosen["state"] or "proposed"],
        after=place[0] if place else None,
        limit=SHOWN + 1,
        **_limits(chosen),
    )
    if len(rows) <= SHOWN:
        return rows, None
    rows = rows[:SHOWN]
    return rows, _link(monday, chosen | {"cursor": cursor_of(rows[-1]["doubt_id"])})


def _limits(chosen: Row) -> Row:
    return {
        "organisation_id": id_of(gateway(), caller(), chosen["organisation"]),
        "kind": chosen["kind"],
    }


def _chosen() -> Row:
    """The filters of the list."""
    kind, state = request.values.get("kind"), request.values.get("state")
    return {
        "organisation": organisation_chosen() or request.form.get("organisation") or None,
        "kind": kind if kind in KINDS else None,
        "state": state if state in STATES and state != "proposed" else None,
    }


def monday_asked() -> tuple[dt.date, str | None]:
    """The week asked for, else the newest with proposals, else the last complete one; and what is wrong."""
    given, problem = day_of_week_given(request.values.get("week", "").strip())
    if given is None:
        given = dt.date.fromisoformat(ask("disputes", "newest_doubt_week"))
    return monday_of(given), problem


def _link(monday: dt.date, chosen: Row) -> str:
    return url_for("worklist.doubts", week=a_day_of(monday), **chosen)


def _is_looking(found: Row) -> bool:
    """Whether the look that was asked for is not over yet."""
    try:
        asked_at = dt.datetime.fromisoformat(request.args.get("looking", ""))
        is_recent = access.the_parts().clock() - asked_at < LOOKS_WITHIN
    except (ValueError, TypeError):
        return False
    last = dt.datetime.fromisoformat(found["looked_at"]) if found["looked_at"] else None
    return is_recent and (last is None or last < asked_at)
