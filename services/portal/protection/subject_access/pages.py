"""Subject access: a client is chosen, the folder is made in the background, and taken along for two days (RULES 20)."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.lists import COUNTED_TO
from libs.common.seams.matching.clients import DataSubject
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.protection.subject_access import rules, steps
from services.portal.protection.subject_access.views import (
    find_export,
    folder_of,
    is_kept,
    newest_exports,
)
from services.portal.schema.tables_protection import SubjectExport
from services.portal.web import access
from services.portal.web.access import signed_in, the_parts
from services.portal.web.calls import matching
from services.portal.web.cursors import moment_and_id
from services.portal.web.forms.text import TextForm
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked, cut_page, link_on

pages = Blueprint("subject_access", __name__, url_prefix="/subject-access")

SHOWN = 20
LIST = Listing(
    "export",
    "exports",
    rows="exports",
    is_of_provider=False,
    columns={
        "Client": "reference",
        "Asked": lambda row, page: row.asked_at.isoformat(),
        "By": name_from("people", "asked_by"),
        "State": lambda row, page: page["states"][row.export_id],
    },
)
LONGEST = 100


class AskForm(TextForm):
    """A button."""


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.EXPORT_PERSON)
@picks_client
def exports() -> ResponseReturnValue:
    """The person who is chosen, with the button; and what was asked for before."""
    written = request.args.get("client", "").replace("\0", "").strip()[:LONGEST]
    subject: DataSubject | None = None
    problem = None
    if written:
        try:
            subject = matching().data_subject(identifier=written)
        except Refused as refused:
            if refused.code != "not_found":
                raise
            problem = refused.message
    parts = the_parts()
    shown = rows_wanted(SHOWN)
    found = newest_exports(parts, moment_and_id(cursor_asked()), shown + 1)
    page = cut_page([*found], shown, lambda one: (one.asked_at.isoformat(), str(one.export_id)))
    answer = render_list(
        LIST,
        "protection/exports.html",
        count=lambda: len(newest_exports(parts, None, COUNTED_TO + 1)),
        form=AskForm(formdata=None),
        written=written,
        subject=subject,
        client_problem=problem,
        exports=page.rows,
        states=_states(page.rows),
        people=names_of(parts, access.account(), (one.asked_by for one in page.rows)),
        more=link_on("subject_access.exports", page.cursor, **({"client": written} if written else {})),
    )
    return (answer, 400) if problem else answer


@pages.post("/of/<uuid:client_id>")
@signed_in(rights.EXPORT_PERSON)
def ask(client_id: uuid.UUID) -> ResponseReturnValue:
    if not AskForm().validate_on_submit():
        return redirect(url_for("subject_access.exports", client=client_id), 303)
    subject, account = matching().data_subject(identifier=str(client_id)), access.account()
    export_id = steps.ask_for_export(the_parts(), subject, str(account.account_id), account.role)
    tell(about=[Thing("export_id", str(export_id))], outcome=rules.WAITING)
    flash("It is being put together. Come back to this page in a minute.")
    return redirect(url_for("subject_access.one", export_id=export_id), 303)


@pages.get("/<uuid:export_id>")
@signed_in(rights.EXPORT_PERSON)
def one(export_id: uuid.UUID) -> ResponseReturnValue:
    parts = the_parts()
    export = find_export(parts, export_id)
    now = parts.clock()
    return render_template(
        "protection/export.html",
        export=export,
        state=_states([export])[export.export_id],
        can_be_taken=is_kept(export, now),
        gone_at=export.made_at and export.made_at + rules.KEPT,
        people=names_of(parts, access.account(), [export.asked_by]),
    )


@pages.get("/<uuid:export_id>/folder.zip")
@signed_in(rights.EXPORT_PERSON)
def folder(export_id: uuid.UUID) -> ResponseReturnValue:
    parts = the_parts()
    export = find_export(parts, export_id)
    matching().data_subject(identifier=str(export.client_id))  # so that evidence names whom it is about
    return folder_of(export, parts.clock())


def _states(found: list[SubjectExport]) -> dict[uuid.UUID, str]:
    now = the_parts().clock()
    return {one.export_id: rules.state_in_words(one.state, one.made_at, now) for one in found}
