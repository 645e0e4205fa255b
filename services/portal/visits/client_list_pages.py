"""A client list checked against the care package line items, without importing anything (RULES 4)."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from services.portal.visits.client_list_forms import ClientListForm
from services.portal.visits.client_lists import CSV_HEADINGS, STATES, Line, cells_of, line_of
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import READERS, ask, is_council, organisations
from services.portal.web.csv_out import csv_text

pages = Blueprint("client_list", __name__)

LINES_SHOWN = 200


@pages.get("/visits/client-list")
@signed_in(*READERS)
def client_list() -> ResponseReturnValue:
    return render_template("client_list/ask.html", form=_form())


@pages.post("/visits/client-list")
@signed_in(*READERS)
def check() -> ResponseReturnValue:
    form = _form()
    is_whose = form.validate()
    identifiers = form.identifiers()
    if not (is_whose and identifiers):
        return render_template("client_list/ask.html", form=form), 400
    lines = _lines(identifiers, form.organisation.data if is_council() else None)
    if "as_csv" in request.form:
        content = csv_text(CSV_HEADINGS, (cells for line in lines for cells in cells_of(line)))
        headers = {"Content-Disposition": "attachment; filename=client-list.csv"}
        return Response(content, 200, headers, content_type="text/csv; charset=utf-8")
    return render_template(
        "client_list/answer.html",
        counts=Counter(line.state for line in lines),
        states=STATES,
        number=len(lines),
        parts=[(state, [line for line in lines if line.state == state][:LINES_SHOWN]) for state in STATES],
        most=LINES_SHOWN,
        organisation=form.organisation.data if is_council() else None,
        sent="\n".join(identifiers),
    )


def _form() -> ClientListForm:
    form = ClientListForm()
    return form.for_council(organisations()) if is_council() else form.for_provider()


def _lines(identifiers: list[str], organisation: str | None) -> list[Line]:
    found = ask("matching", "client_list", organisation=organisation, identifiers=identifiers)
    today = london_day(access.the_parts().clock())
    return [line_of(one, items, today) for one, items in zip(identifiers, found, strict=True)]
