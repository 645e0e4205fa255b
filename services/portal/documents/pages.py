"""Contract documents: the list, the PDF, agreed or rejected with the password (RULES 11, [003])."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.rights import names as rights
from libs.common.seams.matching.documents import ContractDocument, ContractDocumentDetails
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts.forms import AnswerForm
from services.portal.documents.forms import WRONG_PASSWORD, AgreeForm, RejectForm
from services.portal.documents.views import pdf_answer, person_lines, reference_of, service_lines, title_of
from services.portal.documents.words import KINDS, STATES, STATUSES, note_in_words
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import (
    is_council,
    matching,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked

pages = Blueprint("contract_documents", __name__, url_prefix="/contract-documents")

DOCUMENTS_SHOWN = 50
LIST = Listing(
    "contract document",
    "contract documents",
    rows="documents",
    method="contract_documents",
    columns={
        "Number": "number",
        "Document": lambda row, page: title_of(row),
        "Kind": lambda row, page: KINDS[row["kind"]],
        "Provider": "organisation",
        "Client": lambda row, page: reference_of(row),
        "Client name": "listed_name",
        "Line item": "cpli_id",
        "Service": "service",
        "Start": "start_on",
        "End": "end_on",
        "Status": lambda row, page: STATES[row["status"]][0],
        "Published": "published_at",
        "Answer due": "due_on",
        "Last changed": "updated_at",
    },
)
OPEN, EVERY = "published", "all"


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_DOCUMENTS)
@picks_client
def documents() -> ResponseReturnValue:
    chosen: dict[str, Any] = {
        "service": _asked("service", 200),
        "client": _asked("client", 50),
        "status": _asked("status", 20) or OPEN,
        "updated_since": _asked("updated_since", 20),
    }
    organisation = organisation_chosen()
    since = parse_date(chosen["updated_since"] or "")
    place = place_of(cursor_asked(), int)
    shown = rows_wanted(DOCUMENTS_SHOWN)
    found = matching().contract_documents(
        organisation=organisation,
        service_name=chosen["service"],
        client=chosen["client"],
        status=chosen["status"] if chosen["status"] in STATES else None,
        updated_since=since.isoformat() if since else None,
        after=place[0] if place else None,
        limit=shown + 1,
    )
    more = None
    if len(found) > shown:
        found = found[:shown]
        which: dict[str, Any] = {"organisation": organisation, "cursor": cursor_of(found[-1]["number"])}
        more = url_for("contract_documents.documents", **chosen, **which)
    return render_list(
        LIST,
        "contract_documents/documents.html",
        documents=found,
        **_words_for(found),
        more=more,
        chosen=chosen | {"organisation": organisation},
        problem="Enter a date, such as 3/10/2022" if chosen["updated_since"] and not since else None,
        choices=matching().care_choices(organisation=organisation),
        organisations=organisations(),
        statuses=STATUSES | {EVERY: "All"},
        states=STATES,
        kinds=KINDS,
        is_council=is_council(),
    )


@pages.get("/<uuid:document_id>")
@signed_in(rights.READ_DOCUMENTS)
def one(document_id: uuid.UUID) -> ResponseReturnValue:
    return show(
        "contract_documents/document.html", AnswerForm(formdata=None), **_page_of(_find_document(document_id))
    )


@pages.get("/<uuid:document_id>.pdf")
@signed_in(rights.READ_DOCUMENTS)
def pdf(document_id: uuid.UUID) -> Response:
    return pdf_answer(_find_document(document_id))


@pages.route("/<uuid:document_id>/agree", methods=["GET", "POST"])
@signed_in(rights.ANSWER_DOCUMENTS)
def agree(document_id: uuid.UUID) -> ResponseReturnValue:
    return _answered(document_id, "agree", AgreeForm(), "You have agreed to the document.")


@pages.route("/<uuid:document_id>/reject", methods=["GET", "POST"])
@signed_in(rights.ANSWER_DOCUMENTS)
def reject(document_id: uuid.UUID) -> ResponseReturnValue:
    sentence = "You have rejected the document. The council sees your reason and looks into it."
    return _answered(document_id, "reject", RejectForm(), sentence)


@pages.post("/<uuid:document_id>/agree-manually")
@signed_in(rights.PUBLISH_DOCUMENTS)
def agree_manually(document_id: uuid.UUID) -> ResponseReturnValue:
    matching().answer_contract_document(document_id=str(document_id), move="agree_manually")
    flash("The document is agreed manually.")
    return redirect(url_for("contract_documents.one", document_id=document_id), 303)


@pages.post("/<uuid:document_id>/publish-again")
@signed_in(rights.PUBLISH_DOCUMENTS)
def publish_again(document_id: uuid.UUID) -> ResponseReturnValue:
    matching().publish_contract_document_again(document_id=str(document_id))
    flash("The document is published again, as care stands now. The provider has seven days to answer.")
    return redirect(url_for("contract_documents.documents"), 303)


def _answered(document_id: uuid.UUID, move: str, form: AgreeForm, sentence: str) -> ResponseReturnValue:
    """The form of an answer; the password is judged before the service is told."""
    template, document = f"contract_documents/{move}.html", _find_document(document_id)
    if move not in document["moves"]:
        if request.method == "POST":
            raise Refused("wrong_state", "The document was answered already: look at its notes.")
        return redirect(url_for("contract_documents.one", document_id=document_id))
    shown = _page_of(document)
    if not form.validate_on_submit():
        return show(template, form, **shown)
    try:
        accounts_steps.judge_password(access.the_parts(), access.who(), form.present.data, WRONG_PASSWORD)
        reason = str(form.reason.data or "") if isinstance(form, RejectForm) else ""
        matching().answer_contract_document(document_id=str(document_id), move=move, reason=reason)
    except Refused as refused:
        return show_refusal(template, form, refused, **shown)
    flash(sentence)
    return redirect(url_for("contract_documents.documents"), 303)


def _find_document(document_id: uuid.UUID) -> ContractDocumentDetails:
    return matching().contract_document(document_id=str(document_id))


def _page_of(document: ContractDocumentDetails) -> dict[str, Any]:
    """What the pages of one document show."""
    return {
        "document": document,
        **_words_for([document]),
        "person": person_lines(document),
        "service": service_lines(document),
        "states": STATES,
        "kinds": KINDS,
        "may_answer": access.may(rights.PUBLISH_DOCUMENTS),
    }


def _words_for(documents: Sequence[ContractDocument]) -> dict[str, Any]:
    """How the templates say title, reference and notes of these documents."""
    whos = (note["who"] for document in documents for note in document["notes"])
    people = names_of(access.the_parts(), access.account(), whos)
    return {
        "title_of": title_of,
        "reference_of": reference_of,
        "in_words": partial(note_in_words, people=people, is_council=is_council()),
    }


def _asked(name: str, longest: int) -> str | None:
    return request.args.get(name, "").strip()[:longest] or None
