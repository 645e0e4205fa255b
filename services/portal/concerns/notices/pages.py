"""Breach notices: sent from a concern, listed for their provider, looked at, answered, as PDF (RULES 16)."""

from __future__ import annotations

import uuid
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.concerns import NOTICE_STATES
from libs.common.errors import Refused
from libs.common.rights import names as rights
from services.portal.concerns import words
from services.portal.concerns.filters import days_of, month_text, months_chosen
from services.portal.concerns.notices.files import cells_of, name_of_pdf, notice_pdf
from services.portal.concerns.notices.forms import AnswerForm, NoticeForm
from services.portal.concerns.notices.letters import tell_of_notice
from services.portal.concerns.views import (
    ShownConcern,
    ShownNotice,
    find_shown_concern,
    find_shown_notice,
    name_notices,
    visits_of_notice,
)
from services.portal.web.access import caller, signed_in
from services.portal.web.branding import the_branding
from services.portal.web.calls import (
    disputes,
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.downloads.files import PDF, download
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.organisations import id_of
from services.portal.web.paging import cursor_asked, cut_page, link_on, place_by_moment

pages = Blueprint("breach_notices", __name__, url_prefix="/breach-notices")

SHOWN: Final = 50
LIST: Final = Listing(
    "breach notice",
    "breach notices",
    method="breach_notices",
    columns={
        "Number": "number",
        "Provider": "organisation",
        "Client": "client_reference",
        "Client name": "client",
        "State": "state",
        "Sent": "sent_at",
        "Answer due": "due_on",
        "Words": "words",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_NOTICES)
def listed() -> ResponseReturnValue:
    state = request.args.get("state", "")
    first, last, wrong = months_chosen()
    chosen: dict[str, Any] = {
        "organisation": organisation_chosen(),
        "state": state if state in NOTICE_STATES else None,
        "first": month_text(first),
        "last": month_text(last),
    }
    whose = id_of(gateway(), caller(), chosen["organisation"]) if is_council() else None
    shown = rows_wanted(SHOWN)
    found = disputes().breach_notices(
        organisation_id=whose,
        state=chosen["state"],
        **days_of(first, last),
        after=place_by_moment(cursor_asked()),
        limit=shown + 1,
    )
    page = cut_page(found, shown, lambda row: (row["sent_at"], row["notice_id"]))
    return render_list(
        LIST,
        "breach_notices/notices.html",
        rows=name_notices(page.rows),
        more=link_on("breach_notices.listed", page.cursor, **chosen),
        chosen=chosen,
        wrong=wrong,
        organisations=organisations(),
        states=NOTICE_STATES,
        words=words,
        is_council=is_council(),
    )


@pages.route("/new/<uuid:concern_id>", methods=["GET", "POST"])
@signed_in(rights.CHANGE_CONCERNS)
def send(concern_id: uuid.UUID) -> ResponseReturnValue:
    concern = find_shown_concern(concern_id)
    is_new = request.method == "GET"
    form = NoticeForm()
    form.about(
        [visit["ref"] for visit in concern["shown_visits"]], is_new=is_new and not form.is_filled_in_again
    )
    if is_new:
        form.version.data = str(concern["version"])
    if not form.validate_on_submit() or form.due_on.data is None:
        return _show_new(form, concern)
    notice_id, version = form.renewed().notice_id.data, form.version.data or ""
    try:
        moved = disputes().send_breach_notice(
            concern_id=concern_id,
            notice_id=notice_id,
            version=int(version) if version.isdecimal() and len(version) < 10 else None,
            words=(form.words.data or "").strip(),
            due_on=form.due_on.data,
            visits=visits_of_notice(concern["organisation_id"], form.visits.data or []),
        )
    except Refused as refused:
        return show_refusal("breach_notices/new.html", form, refused, **_shown_new(concern))
    tell_of_notice(moved["notice_id"], "send_notice", notice_id)
    flash("The breach notice is sent. The provider finds it under Breach notices.")
    return redirect(url_for("concerns.one", concern_id=concern_id), 303)


@pages.get("/<uuid:notice_id>")
@signed_in(rights.READ_NOTICES)
def one(notice_id: uuid.UUID) -> ResponseReturnValue:
    return _page(find_shown_notice(notice_id), AnswerForm(formdata=None))


@pages.post("/<uuid:notice_id>")
@signed_in(rights.ANSWER_NOTICES)
def answer(notice_id: uuid.UUID) -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        return _page(find_shown_notice(notice_id), form), 400
    answered = disputes().answer_breach_notice(
        notice_id=notice_id, answer_id=form.id_of_message(), **form.said()
    )
    late = " It came after the deadline, and is marked as late." if answered["is_late"] else ""
    flash(f"Your answer is sent to the council.{late}")
    return redirect(url_for("breach_notices.one", notice_id=notice_id), 303)


@pages.get("/<uuid:notice_id>.pdf")
@signed_in(rights.READ_NOTICES)
def as_pdf(notice_id: uuid.UUID) -> ResponseReturnValue:
    found = find_shown_notice(notice_id)
    content = notice_pdf(
        found,
        provider=found["organisation"],
        client=found["client"],
        letterhead=the_branding().letterhead,
    )
    return download(content, name_of_pdf(found, found["organisation"]), PDF)


def _page(found: ShownNotice, form: AnswerForm) -> str:
    return render_template(
        "breach_notices/notice.html",
        found=found,
        form=form.labelled().renewed(),
        visits=[cells_of(visit) for visit in found["visits"]],
        is_council=is_council(),
        words=words,
    )


def _show_new(form: NoticeForm, concern: ShownConcern) -> ResponseReturnValue:
    return show("breach_notices/new.html", form.renewed(), **_shown_new(concern))


def _shown_new(concern: ShownConcern) -> dict[str, Any]:
    visits = visits_of_notice(concern["organisation_id"], [one["ref"] for one in concern["shown_visits"]])
    return {"concern": concern, "visits": {one["visit_ref"]: cells_of(one) for one in visits}}
