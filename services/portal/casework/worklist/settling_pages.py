"""Pages of the worklist on which doubts that were chosen are raised as disputes or dismissed, singly or many at once."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.doubts import MOST_AT_ONCE
from libs.common.rights import names as rights
from libs.common.seams.disputes.doubts import DismissedDoubts, Doubt, RaisedDoubts
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.casework.worklist import views
from services.portal.casework.worklist.filters import Filters, chosen_filters, list_link
from services.portal.casework.worklist.forms import DismissForm, RaiseDoubtsForm, raise_form
from services.portal.casework.worklist.weeks import monday_asked
from services.portal.casework.worklist.words import KINDS
from services.portal.web.access import signed_in
from services.portal.web.addresses import ids_in
from services.portal.web.calls import disputes
from services.portal.web.coming_back import unsent
from services.portal.web.forms.faults import show
from services.portal.web.telling import tell_whether_done

pages = Blueprint("worklist_settling", __name__, url_prefix="/worklist")


@pages.get("/raise")
@signed_in(rights.SETTLE_CASEWORK)
def choose_to_raise() -> ResponseReturnValue:
    chosen = find_ticked()
    return _raise_page(chosen, raise_form(_reasons(chosen.rows))) if chosen.rows else _none_ticked()


@pages.post("/raise")
@signed_in(rights.SETTLE_CASEWORK)
def raise_them() -> ResponseReturnValue:
    chosen = find_ticked()
    rows = chosen.rows
    if not rows:
        return _none_ticked()
    form = raise_form(_reasons(rows))
    if not form.validate_on_submit():
        return _raise_page(chosen, form)
    done = views.raise_doubts(rows, form.words(), seed=uuid.UUID(form.form_id.data))
    number = len(done["disputes"])
    sentence = f"{number or 'No'} {'disputes are' if number > 1 else 'dispute is'} raised."
    if done["left"]:
        return _left_page(rows, done, sentence)
    tell_whether_done(number > 0, sentence)
    return redirect(_back_to_all(rows), 303)


@pages.get("/dismiss")
@signed_in(rights.SETTLE_CASEWORK)
def choose_to_dismiss() -> ResponseReturnValue:
    chosen = find_ticked()
    return _dismiss_page(chosen, DismissForm()) if chosen.rows else _none_ticked()


@pages.post("/dismiss")
@signed_in(rights.SETTLE_CASEWORK)
def dismiss() -> ResponseReturnValue:
    chosen, form = find_ticked(), DismissForm()
    rows = chosen.rows
    if not rows:
        return _none_ticked()
    if not form.validate_on_submit():
        return _dismiss_page(chosen, form)
    ids = [row["doubt_id"] for row in rows]
    done = disputes().dismiss_doubts(doubt_ids=ids, why=form.why.data.strip())
    what = "noted as looked at" if rows[0]["sample_id"] else "dismissed"
    tell(outcome=f"{done['done']} {what}", about=(Thing("doubt_id", one) for one in ids))
    tell_whether_done(
        done["done"] > 0,
        f"{done['done'] or 'None'} {'is' if done['done'] < 2 else 'are'} {what}.{_left(done)}",
    )
    return redirect(_back_to_all(rows), 303)


def find_ticked() -> views.Chosen:
    """The doubts that were ticked in a list, singly or as groups, as they are now."""
    ids = ids_in(_ticked("doubt"), MOST_AT_ONCE)
    groups = ids_in(_ticked("together"), MOST_AT_ONCE)
    return views.find_chosen(ids, groups, monday_asked()[0]) if ids or groups else views.Chosen([], False)


def _ticked(name: str) -> list[str]:
    """The boxes of this name that were ticked, also in what is filled in again."""
    return request.values.getlist(name) or unsent.values_of(name)


def back_to(rows: list[Doubt], chosen: Filters) -> str:
    """The list from which doubts were chosen."""
    if rows[0]["sample_id"]:
        return url_for("worklist_samples.one", sample_id=rows[0]["sample_id"])
    return list_link(dt.date.fromisoformat(rows[0]["monday"]), chosen)


def _back_to_all(rows: list[Doubt]) -> str:
    """The list again, when what was chosen is settled: of a group nothing may be left."""
    return back_to(rows, chosen_filters()._replace(group=None))


def _none_ticked() -> ResponseReturnValue:
    status = 302 if request.method == "GET" else 303
    sample_id = ids_in(request.values.getlist("sample"), 1)
    if sample_id:
        return redirect(url_for("worklist_samples.one", sample_id=sample_id[0], none="y"), status)
    return redirect(list_link(monday_asked()[0], chosen_filters(), none="y"), status)


def _raise_page(chosen: views.Chosen, form: RaiseDoubtsForm) -> ResponseReturnValue:
    return show("worklist/raise.html", form, has_more=chosen.has_more, **_facts_of_page(chosen.rows))


def _dismiss_page(chosen: views.Chosen, form: DismissForm) -> ResponseReturnValue:
    return show("worklist/dismiss.html", form, has_more=chosen.has_more, **_facts_of_page(chosen.rows))


def _left_page(rows: list[Doubt], done: RaisedDoubts, sentence: str) -> str:
    """What was raised, and which doubts were not, each with the reason."""
    why = {one["doubt_id"]: one["message"] for one in done["left"]}
    left = [row for row in rows if row["doubt_id"] in why]
    return render_template("worklist/left.html", sentence=sentence, why=why, **_facts_of_page(left))


def _facts_of_page(rows: list[Doubt]) -> dict[str, object]:
    """What the pages of chosen doubts show of them."""
    found, chosen = views.show_doubts(rows), chosen_filters()
    return {
        "rows": found,
        "counts": views.count_together(found),
        "kinds": KINDS,
        "back": back_to(rows, chosen),
        "chosen": chosen._asdict(),
    }


def _reasons(rows: list[Doubt]) -> list[str]:
    return sorted({row["reason"] for row in rows})


def _left(done: DismissedDoubts) -> str:
    if not done["left"]:
        return ""
    return (
        f" {done['left']} {'was' if done['left'] == 1 else 'were'} settled or gone meanwhile, and left alone."
    )
