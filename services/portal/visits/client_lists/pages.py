"""A client list checked against the care package line items, without importing anything (RULES 4)."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.rights import names as rights
from services.portal.visits.client_lists.forms import ClientListForm
from services.portal.visits.client_lists.views import CSV_HEADINGS, STATES, Line, cells_of, line_of
from services.portal.web.access import signed_in
from services.portal.web.calls import is_council, matching, organisations
from services.portal.web.downloads.csv_out import csv_text
from services.portal.web.downloads.files import csv_for_people, file_name
from services.portal.web.downloads.owners import today, whose_name

pages = Blueprint("client_list", __name__)

LINES_SHOWN = 200


@pages.get("/visits/client-list")
@signed_in(rights.READ_VISITS)
def client_list() -> ResponseReturnValue:
    return render_template("client_list/ask.html", form=_form())


@pages.post("/visits/client-list")
@signed_in(rights.READ_VISITS)
def check() -> ResponseReturnValue:
    form = _form()
    is_whose = form.validate()
    identifiers = form.identifiers()
    if not (is_whose and identifiers):
        return render_template("client_list/ask.html", form=form), 400
    lines = _lines(identifiers, form.organisation.data if is_council() else None)
    if "as_csv" in request.form:
        content = csv_text(CSV_HEADINGS, (cells for line in lines for cells in cells_of(line)))
        whose = whose_name(form.organisation.data if is_council() else None)
        return csv_for_people(content, file_name("client-list", "csv", provider=whose, as_at=today()))
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
    found = matching().client_list(organisation=organisation, identifiers=identifiers)
    day = today()
    return [line_of(one, items, day) for one, items in zip(identifiers, found, strict=True)]
