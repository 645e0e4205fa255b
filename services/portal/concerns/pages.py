"""Concerns: the list with its counts, as CSV too; one with its history, and what is done with it (RULES 16)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.concerns import BREACH_NOTICE, STATES
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.casework.cases.attachments import send_along
from services.portal.concerns import words
from services.portal.concerns.filters import Filters, asked_of, chosen_filters, listed_of
from services.portal.concerns.forms import StepForm
from services.portal.concerns.notices.letters import tell_of_notice
from services.portal.concerns.views import (
    ShownConcern,
    find_shown_concern,
    group_names,
    name_concerns,
    place_of,
)
from services.portal.web.access import signed_in
from services.portal.web.calls import disputes, organisations
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.downloads.files import csv_in_parts, file_name
from services.portal.web.downloads.owners import today
from services.portal.web.listing.lists import Listing, render_list
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked, cut_page, link_on, place_by_moment

pages = Blueprint("concerns", __name__, url_prefix="/concerns")

SHOWN: Final = 50
LIST: Final = Listing("concern", "concerns", {}, method="concerns")
"""Its file is one of its own."""
PART: Final = 500
"""Rows of a CSV file that are asked for at once."""
HEADINGS: Final = (
    "Number",
    "ReceivedOn",
    "Kind",
    "State",
    "OrganisationName",
    "SSRef",
    "CpliId",
    "VisitRefs",
    "RaisedBy",
    "HappenedOn",
    "ReferredTo",
    "EndedIn",
    "ChangedAt",
)


@pages.get("")
@signed_in(rights.READ_CONCERNS)
@picks_client
def concerns() -> ResponseReturnValue:
    chosen, wrong = chosen_filters()
    asked = listed_of(chosen)
    found = disputes().concerns(**asked, after=place_by_moment(cursor_asked()), limit=SHOWN + 1)
    page = cut_page(found, SHOWN, place_of)
    return render_list(
        LIST,
        "concerns/concerns.html",
        csv=url_for("concerns.as_csv", **chosen._asdict()),
        rows=name_concerns(page.rows),
        more=link_on("concerns.concerns", page.cursor, **chosen._asdict()),
        counts=disputes().concern_counts(**asked_of(chosen)),
        chosen=chosen,
        wrong=wrong,
        organisations=organisations(),
        groups=group_names(disputes().concern_groups()),
        kinds=[one["name"] for one in disputes().concern_kinds()],
        states=STATES,
        words=words,
    )


@pages.get("/concerns.csv")
@signed_in(rights.READ_CONCERNS)
def as_csv() -> ResponseReturnValue:
    chosen, _ = chosen_filters()
    name = file_name("concerns", "csv", provider=chosen.organisation, as_at=today())
    return csv_in_parts(stream_with_context(_rows_of(chosen)), name)


def _rows_of(chosen: Filters) -> Iterator[str]:
    """The list as CSV, part by part."""
    yield csv_part([HEADINGS])
    asked, after = listed_of(chosen), None
    while True:
        found = disputes().concerns(**asked, after=after, limit=PART)
        yield csv_part(
            (
                row["number"],
                row["received_on"],
                row["kind"],
                row["state"],
                row["organisation"],
                row["client_reference"],
                row["cpli_id"] or "",
                " ".join(row["visits"]),
                words.SOURCES[row["source"]],
                row["happened_on"] or "",
                words.REFERRALS.get(row["referred_to"], ""),
                words.ENDINGS.get(row["ended_in"], ""),
                row["changed_at"],
            )
            for row in name_concerns(found)
        )
        if len(found) < PART:
            return
        after = place_of(found[-1])


@pages.get("/<uuid:concern_id>")
@signed_in(rights.READ_CONCERNS)
def one(concern_id: uuid.UUID) -> ResponseReturnValue:
    found = find_shown_concern(concern_id)
    return _page(found, StepForm(formdata=None, version=str(found["version"])))


@pages.post("/<uuid:concern_id>")
@signed_in(rights.CHANGE_CONCERNS)
def go_on(concern_id: uuid.UUID) -> ResponseReturnValue:
    """Make the move of the button that was pressed, or keep a note."""
    move = request.form.get("move", "")
    if move and move not in words.BUTTONS:
        abort(400, "Go back to the page and use one of its buttons.")
    form = StepForm().of_move(move)
    if not form.validate_on_submit():
        return _page(find_shown_concern(concern_id), form), 400
    step_id = form.id_of_message()
    try:
        moved = disputes().move_concern(concern_id=concern_id, step_id=step_id, **form.facts(), **form.said())
    except Refused as refused:
        if refused.code not in ("changed_since", "wrong_state"):
            raise
        found = find_shown_concern(concern_id)
        form.version.data = str(found["version"])
        form.words.errors = [*form.words.errors, refused.message]
        return _page(found, form), 409
    tell_of_notice(moved["notice_id"], move, step_id)
    flash(words.DONE[move])
    return redirect(url_for("concerns.one", concern_id=concern_id), 303)


@pages.get("/files/<uuid:concern_file_id>")
@signed_in(rights.READ_NOTICES)
def file(concern_file_id: uuid.UUID) -> ResponseReturnValue:
    """Evidence; to a provider what it sent with an answer."""
    return send_along(disputes().concern_file(concern_file_id=concern_file_id))


def _page(found: ShownConcern, form: StepForm) -> str:
    waits = found["state"] == BREACH_NOTICE
    return render_template(
        "concerns/concern.html",
        found=found,
        form=form.renewed(),
        buttons=[(move, *words.BUTTONS[move]) for move in found["allowed"] if move in words.BUTTONS],
        may_send="send_notice" in found["allowed"],
        notice_waits=waits and found["notices"][0]["state"] in ("Sent", "Answered"),
        words=words,
    )
