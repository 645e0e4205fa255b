"""All rows of one kind mended at once: how many and their money, another value for all, and the file is checked again."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.ingest.files import VisitsFile
from libs.common.seams.ingest.mending import RowsOfKind
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.visits.bulk.correcting import reference_of_client
from services.portal.visits.mending import steps
from services.portal.visits.mending.words import CELLS, what, why
from services.portal.web.access import signed_in
from services.portal.web.calls import ingest, is_council
from services.portal.web.formats import counted
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.forms.text import TextForm
from services.portal.web.telling import tell_not_done
from services.portal.web.words import VISIT_TYPES

pages = Blueprint("visits_mending", __name__, url_prefix="/visits-files")

LONGEST = 200


class MendForm(TextForm):
    """Another value for all rows of a kind. ``check_version`` is the check that was seen."""

    check_version = IntegerField(validators=[InputRequired()])
    fault = HiddenField()
    value = HiddenField()
    chosen = StringField()


class WrittenForm(MendForm):
    """What is written: a client, a carer."""

    chosen = StringField(
        validators=[
            InputRequired("Enter what these rows are to have"),
            Length(max=50, message="Use 50 characters or fewer"),
        ]
    )


class ChosenForm(MendForm):
    """What is chosen of the council's or the provider's list."""

    chosen = SelectField(validators=[InputRequired("Choose what these rows are to have")])


@pages.route("/<uuid:file_id>/mend", methods=["GET", "POST"])
@signed_in(rights.SEND_VISITS)
def mend(file_id: uuid.UUID) -> ResponseReturnValue:
    file = ingest().visits_file(file_id=str(file_id))
    fault, value = (request.values.get(name, "")[:LONGEST] for name in ("fault", "value"))
    if request.method == "POST" and file["state"] == "cancelled":
        return _pressed_again(file, fault, value)
    kind = steps.require_kind(file["id"], fault, value)
    form = _form(file, kind)
    page: dict[str, Any] = {"file": file, "kind": kind, "what": what(kind), "why": why(kind)}
    if not form.validate_on_submit():
        return show("visits_files/mend.html", form, **page)
    try:
        chosen = _chosen(form, kind)
        mended = steps.mend(file, kind, chosen, form.check_version.data or 0)
    except Refused as refused:
        if refused.code == "check_again":
            tell_not_done(refused.message)
            return redirect(url_for("visits_files.one", file_id=file_id), 303)
        return show_refusal("visits_files/mend.html", form, refused, **page)
    said = f"{counted(kind['rows'], 'row')}: {CELLS[kind['cell']].lower()} {chosen}"
    tell(outcome=said, about=[Thing("file_id", mended["id"])])
    flash(f"{said}. The file is checked again, and its check before is cancelled.")
    return redirect(url_for("visits_files.one", file_id=mended["id"]), 303)


def _pressed_again(file: VisitsFile, fault: str, value: str) -> ResponseReturnValue:
    """The file that the first press made; else the one that is cancelled."""
    version = request.form.get("check_version", "")
    chosen = request.form.get("chosen", "").strip()
    number = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    found = steps.find_mended(steps.id_of_mended(file["id"], number, (fault, value), chosen))
    return redirect(url_for("visits_files.one", file_id=(found or file)["id"]), 303)


def _form(file: VisitsFile, kind: RowsOfKind) -> MendForm:
    given = {"check_version": file["check_version"], "fault": kind["fault"], "value": kind["value"]}
    choices = _choices(file, kind["cell"])
    form: MendForm = WrittenForm(**given)
    if choices is not None:
        form = ChosenForm(**given)
        form.chosen.choices = [("", "Choose one"), *choices]
    form.chosen.label.text = f"{CELLS[kind['cell']]} in all of these rows"
    return form


def _choices(file: VisitsFile, cell: str) -> list[tuple[str, str]] | None:
    """What may be chosen; None where it is written."""
    if cell in ("client", "carer"):
        return None
    whose = ingest().visits_file_summary(file_id=file["id"])["organisation"] if is_council() else None
    lists = ingest().visit_choices(organisation=whose)
    if cell == "visit_type":
        refs = [one["ref"] for one in lists["visit_types"]]
        return [(ref, f"{VISIT_TYPES.get(ref, ref)} ({ref})") for ref in refs]
    names = lists["services"] if cell == "service" else lists["service_levels"]
    return [(name, name) for name in names]


def _chosen(form: MendForm, kind: RowsOfKind) -> str:
    """The value for all rows; a client by the reference. Raises Refused with its field."""
    written = str(form.chosen.data or "").strip()
    return reference_of_client(written, field="chosen") if kind["cell"] == "client" else written
