"""The worklist: what a week's data makes doubtful, to be raised as disputes or dismissed, singly or many at once."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.doubts import KINDS, MOST_AT_ONCE, PROPOSED
from libs.common.care.weeks import DAYS_IN_A_WEEK
from libs.common.seams.disputes.doubts import DismissedDoubts, Doubt, DoubtWeek, RaisedDoubts
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.casework.worklist import views
from services.portal.casework.worklist.forms import DismissForm, RaiseDoubtsForm, raise_form
from services.portal.casework.worklist.weeks import monday_asked
from services.portal.casework.worklist.words import KINDS as KINDS_IN_WORDS
from services.portal.casework.worklist.words import STATES, TICK_SOME
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.addresses import a_day_of
from services.portal.web.calls import KEEPERS, caller, disputes, gateway, organisation_chosen, organisations
from services.portal.web.coming_back import unsent
from services.portal.web.cursors import place_of
from services.portal.web.forms.faults import show
from services.portal.web.names.organisations import id_of, names_by_id
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked, cut_page
from services.portal.web.telling import tell_whether_done

pages = Blueprint("worklist", __name__, url_prefix="/worklist")

SHOWN = 50
LOOK_AGAIN_SECONDS = 2
LOOKS_WITHIN = dt.timedelta(minutes=1)
A_WEEK = dt.timedelta(days=DAYS_IN_A_WEEK)


class Filters(NamedTuple):
    """What of a week is wanted, by the names that addresses have for it."""

    organisation: str | None
    kind: str | None
    state: str | None


@pages.get("")
@signed_in(*KEEPERS)
def doubts() -> ResponseReturnValue:
    weeks = disputes().doubt_weeks()
    monday, problem = monday_asked()
    chosen = _chosen()
    names = organisations()
    whose = id_of(gateway(), caller(), chosen.organisation)
    found = disputes().doubt_week(monday=monday, organisation_id=whose, kind=chosen.kind)
    rows, more = _page(monday, chosen, whose)
    by_id = names_by_id(gateway(), (one for one, _ in found["organisations"]))
    page = render_template(
        "worklist/worklist.html",
        problem=problem or (TICK_SOME if "none" in request.args else None),
        is_date_wrong=bool(problem),
        monday=monday,
        before=_link(monday - A_WEEK, chosen),
        after=_link(monday + A_WEEK, chosen),
        weeks=[{**week, "link": _link(dt.date.fromisoformat(week["monday"]), chosen)} for week in weeks],
        week=found,
        providers=[(by_id.get(one, one), number) for one, number in found["organisations"]],
        rows=views.show_doubts(rows),
        people=names_of(access.the_parts(), access.account(), (row["settled_by"] for row in rows)),
        more=more,
        chosen=chosen._asdict(),
        is_ticked="all" in request.args,
        tick_all=_link(monday, chosen, all="y", cursor=cursor_asked()),
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
    disputes().look_at_week(monday=monday)
    asked_at = access.the_parts().clock().isoformat()
    return redirect(url_for("worklist.doubts", week=a_day_of(monday), looking=asked_at), 303)


@pages.get("/raise")
@signed_in(*KEEPERS)
def choose_to_raise() -> ResponseReturnValue:
    rows = find_ticked()
    return _raise_page(rows, raise_form(_reasons(rows))) if rows else _none_ticked()


@pages.post("/raise")
@signed_in(*KEEPERS)
def raise_them() -> ResponseReturnValue:
    rows = find_ticked()
    if not rows:
        return _none_ticked()
    form = raise_form(_reasons(rows))
    if not form.validate_on_submit():
        return _raise_page(rows, form)
    done = views.raise_doubts(rows, form.words(), seed=uuid.UUID(form.form_id.data))
    number = len(done["disputes"])
    sentence = f"{number or 'No'} {'disputes are' if number > 1 else 'dispute is'} raised."
    if done["left"]:
        return _left_page(rows, done, sentence)
    tell_whether_done(number > 0, sentence)
    return redirect(back_to(rows), 303)


@pages.get("/dismiss")
@signed_in(*KEEPERS)
def choose_to_dismiss() -> ResponseReturnValue:
    rows = find_ticked()
    return _dismiss_page(rows, DismissForm()) if rows else _none_ticked()


@pages.post("/dismiss")
@signed_in(*KEEPERS)
def dismiss() -> ResponseReturnValue:
    rows, form = find_ticked(), DismissForm()
    if not rows:
        return _none_ticked()
    if not form.validate_on_submit():
        return _dismiss_page(rows, form)
    ids = [row["doubt_id"] for row in rows]
    done = disputes().dismiss_doubts(doubt_ids=ids, why=form.why.data.strip())
    what = "noted as looked at" if rows[0]["sample_id"] else "dismissed"
    tell(outcome=f"{done['done']} {what}", about=(Thing("doubt_id", one) for one in ids))
    tell_whether_done(
        done["done"] > 0,
        f"{done['done'] or 'None'} {'is' if done['done'] < 2 else 'are'} {what}.{_left(done)}",
    )
    return redirect(back_to(rows), 303)


def find_ticked() -> list[Doubt]:
    """The doubts that were ticked in a list, as they are now."""
    ids = views.ids_in(request.values.getlist("doubt") or unsent.values_of("doubt"), MOST_AT_ONCE)
    return disputes().doubts_chosen(doubt_ids=ids) if ids else []


def back_to(rows: list[Doubt]) -> str:
    """The list from which doubts were chosen."""
    if rows[0]["sample_id"]:
        return url_for("worklist_samples.one", sample_id=rows[0]["sample_id"])
    return _link(dt.date.fromisoformat(rows[0]["monday"]), _chosen())


def _none_ticked() -> ResponseReturnValue:
    status = 302 if request.method == "GET" else 303
    sample_id = views.ids_in(request.values.getlist("sample"), 1)
    if sample_id:
        return redirect(url_for("worklist_samples.one", sample_id=sample_id[0], none="y"), status)
    return redirect(_link(monday_asked()[0], _chosen(), none="y"), status)


def _raise_page(rows: list[Doubt], form: RaiseDoubtsForm) -> ResponseReturnValue:
    return show("worklist/raise.html", form, **_facts_of_page(rows))


def _dismiss_page(rows: list[Doubt], form: DismissForm) -> ResponseReturnValue:
    return show("worklist/dismiss.html", form, **_facts_of_page(rows))


def _left_page(rows: list[Doubt], done: RaisedDoubts, sentence: str) -> str:
    """What was raised, and which doubts were not, each with the reason."""
    why = {one["doubt_id"]: one["message"] for one in done["left"]}
    left = [row for row in rows if row["doubt_id"] in why]
    return render_template("worklist/left.html", sentence=sentence, why=why, **_facts_of_page(left))


def _facts_of_page(rows: list[Doubt]) -> dict[str, object]:
    """What the pages of chosen doubts show of them."""
    found = views.show_doubts(rows)
    return {"rows": found, "kinds": KINDS_IN_WORDS, "back": back_to(rows), "chosen": _chosen()._asdict()}


def _reasons(rows: list[Doubt]) -> list[str]:
    return sorted({row["reason"] for row in rows})


def _left(done: DismissedDoubts) -> str:
    if not done["left"]:
        return ""
    return (
        f" {done['left']} {'was' if done['left'] == 1 else 'were'} settled or gone meanwhile, and left alone."
    )


def _page(monday: dt.date, chosen: Filters, organisation_id: str | None) -> tuple[list[Doubt], str | None]:
    """A page of doubts, and the link to the next."""
    place = place_of(cursor_asked(), str)
    found = disputes().doubts(
        week=monday,
        states=[chosen.state or PROPOSED],
        organisation_id=organisation_id,
        kind=chosen.kind,
        after=place[0] if place else None,
        limit=SHOWN + 1,
    )
    page = cut_page(found, SHOWN, lambda row: (row["doubt_id"],))
    return page.rows, _link(monday, chosen, cursor=page.cursor) if page.cursor else None


def _chosen() -> Filters:
    """The filters of the list."""
    kind, state = request.values.get("kind"), request.values.get("state")
    return Filters(
        organisation=organisation_chosen() or request.form.get("organisation") or None,
        kind=kind if kind in KINDS else None,
        state=state if state in STATES and state != PROPOSED else None,
    )


def _link(monday: dt.date, chosen: Filters, **more: Any) -> str:
    return url_for("worklist.doubts", week=a_day_of(monday), **chosen._asdict(), **more)


def _is_looking(found: DoubtWeek) -> bool:
    """Whether the look that was asked for is not over yet."""
    try:
        asked_at = dt.datetime.fromisoformat(request.args.get("looking", ""))
        is_recent = access.the_parts().clock() - asked_at < LOOKS_WITHIN
    except (ValueError, TypeError):
        return False
    last = dt.datetime.fromisoformat(found["looked_at"]) if found["looked_at"] else None
    return is_recent and (last is None or last < asked_at)
