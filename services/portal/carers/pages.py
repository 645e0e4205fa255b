"""Carers: those whom visits may name, and files of them, checked and then imported (RULES 3)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.objects import write_object
from services.portal.carers.files import CarersFile, sealed, unsealed
from services.portal.visits import jobs
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    SENDERS,
    ask,
    caller,
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.file_forms import CarersConfirmForm, CarersUploadForm
from services.portal.web.formats import counted
from services.portal.web.words import advice

pages = Blueprint("carers", __name__, url_prefix="/carers")

CARERS_SHOWN = 100
CHANGED_MEANWHILE = (
    "Nothing was updated: the carers changed after the check that you saw. Look at the new numbers."
)


@pages.get("")
@signed_in(*SENDERS)
def carers() -> ResponseReturnValue:
    return _list(_upload_form().renewed())


@pages.post("")
@signed_in(*SENDERS)
def send() -> ResponseReturnValue:
    form = _upload_form()
    if not form.validate_on_submit():
        return _list(form.renewed()), 400
    content = form.file.data.read()
    file = CarersFile(
        str(form.file_id(content)),
        jobs.plain_name(form.file.data.filename or "carers.csv"),
        form.organisation.data if is_council() else None,
    )
    write_object(file.object_key, content)
    jobs.await_lists(gateway())
    try:
        ask("ingest", "check_carers_file", **file.asked)
    except Refused as refused:
        form.file.errors = [refused.message]
        return _list(form.renewed()), 422
    return redirect(url_for("carers.check", carers_file=sealed(access.the_parts(), caller(), file)), 303)


@pages.get("/<carers_file>")
@signed_in(*SENDERS)
def check(carers_file: str) -> ResponseReturnValue:
    file = unsealed(access.the_parts(), caller(), carers_file)
    found = ask("ingest", "check_carers_file", **file.asked)
    return render_template(
        "carers/check.html",
        file=file,
        found=found,
        changes=found["counts"]["new"] + found["counts"]["changed"],
        advice=_advice(found["errors"]),
        confirm=CarersConfirmForm(formdata=None, **_numbers(found)),
        address=carers_file,
    )


@pages.post("/<carers_file>/confirm")
@signed_in(*SENDERS)
def confirm(carers_file: str) -> ResponseReturnValue:
    file = unsealed(access.the_parts(), caller(), carers_file)
    form = CarersConfirmForm()
    if not form.validate_on_submit():
        abort(400, "Go back to the file's page and use its button.")
    seen = {"new": form.new.data, "changed": form.changed.data}
    try:
        ask("ingest", "import_checked_carers", **file.asked, seen=seen)
    except Refused as refused:
        if refused.code != "check_again":
            raise
        flash(CHANGED_MEANWHILE)
        return redirect(url_for("carers.check", carers_file=carers_file), 303)
    flash(f"The system was updated: {counted(sum(seen.values()), 'carer')} from {file.file_name}.")
    return redirect(url_for("carers.carers", organisation=file.organisation), 303)


def _upload_form() -> CarersUploadForm:
    form = CarersUploadForm()
    if is_council():
        form.for_council(organisations())
        if request.method == "GET":
            form.organisation.data = organisation_chosen() or ""
    else:
        form.for_provider()
    return form


def _list(form: Any) -> str:
    organisation, more = organisation_chosen(), None
    place = place_of(request.args.get("cursor"), str)
    rows: list[dict[str, str]] = []
    if organisation or not is_council():
        which = {"organisation": organisation, "after": place[0] if place else ""}
        rows = ask("ingest", "carers", **which, limit=CARERS_SHOWN + 1)
    if len(rows) > CARERS_SHOWN:
        rows = rows[:CARERS_SHOWN]
        more = url_for("carers.carers", organisation=organisation, cursor=cursor_of(rows[-1]["carer_ref"]))
    return render_template(
        "carers/carers.html",
        form=form,
        rows=rows,
        more=more,
        chosen=organisation,
        organisations=organisations(),
    )


def _advice(errors: list[dict[str, Any]]) -> list[str]:
    """What to do about each kind of error, and in how many rows."""
    kinds: dict[tuple[str, str], set[int]] = {}
    for error in errors:
        kinds.setdefault((error["code"], error["column"]), set()).add(error["row"])
    return [advice(code, column, len(rows)) for (code, column), rows in kinds.items()]


def _numbers(found: dict[str, Any]) -> dict[str, int]:
    return {name: found["counts"][name] for name in ("new", "changed")}
