"""What pages of actions, payment enquiries and provider-led reviews share: a list, a case, and an answer in it."""

from __future__ import annotations

import uuid
from collections.abc import Container, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from flask import request
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import ACTION, ENQUIRY, MOST_CPLI_ID, REVIEW
from libs.common.seams.disputes.cases import ListedCase
from services.portal.casework.cases.forms import MessageForm
from services.portal.casework.cases.kinds import KINDS, address_of
from services.portal.casework.cases.pages import list_page, render_case, require_button, say_in_case
from services.portal.casework.cases.views import find_shown_case, name_cases
from services.portal.casework.cases.words import WORDS
from services.portal.clients.payload_types import After
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, organisation_chosen, organisations
from services.portal.web.listing.columns import Cell
from services.portal.web.listing.lists import Listing, render_list
from services.portal.web.names.organisations import id_of

OPEN_OR_OVER: Final = {"open": "Open", "historic": "Historic"}
_COLUMNS: Final[Mapping[str, Cell]] = {
    "Number": "number",
    "Title": "subject",
    "Provider": "organisation",
    "Client": "client_reference",
    "Client name": "client",
    "Line item": "cpli_id",
    "From": "first_on",
    "To": "last_on",
    "Whose turn": lambda row, page: page["words"].turns.get(row["turn"], ""),
    "State": "state",
    "Answer due": "due_at",
    "Opened": "opened_at",
    "Last updated": "changed_at",
}
LISTS: Final = {
    kind: Listing(one, many, _COLUMNS, rows="cases", method="cases")
    for kind, one, many in (
        (ACTION, "action", "actions"),
        (ENQUIRY, "payment enquiry", "payment enquiries"),
        (REVIEW, "provider-led review", "provider-led reviews"),
    )
}


class Filters(NamedTuple):
    """What of a list is wanted, by the names that addresses have for it."""

    turn: str | None
    which: str
    client: str | None
    cpli: int | None
    organisation: str | None


def list_conversations(kind: str, template: str, **more: Any) -> ResponseReturnValue:
    """Those that are wanted (`?turn=…&which=…&client=…&organisation=…`), oldest first."""
    chosen = Filters(
        turn=_one_of("turn", WORDS[kind].turns),
        which=_one_of("which", OPEN_OR_OVER) or "open",
        client=request.args.get("client", "").strip()[:100] or None,
        cpli=request.args.get("cpli", type=int),
        organisation=organisation_chosen(),
    )
    endpoint = f"{KINDS[kind].many}.listed"
    whose = id_of(gateway(), caller(), chosen.organisation) if chosen.organisation else None
    found, further = list_page(
        lambda after, limit: _ask(kind, chosen, whose, after, limit), endpoint, **chosen._asdict()
    )
    return render_list(
        LISTS[kind],
        template,
        cases=name_cases(found),
        more=further,
        chosen=chosen,
        organisations=organisations(),
        words=WORDS[kind],
        states=OPEN_OR_OVER,
        place=partial(address_of, kind),
        listed=endpoint,
        **more,
    )


def _ask(
    kind: str, chosen: Filters, organisation_id: str | None, after: After | None, limit: int
) -> list[ListedCase]:
    return disputes().cases(
        kind=kind,
        organisation_id=organisation_id,
        turn=chosen.turn,
        is_over=chosen.which == "historic",
        client=chosen.client,
        cpli_id=chosen.cpli if 0 < (chosen.cpli or 0) <= MOST_CPLI_ID else None,
        order="oldest",
        after=after,
        limit=limit,
    )


def show_conversation(
    kind: str, case_id: uuid.UUID, form: MessageForm | None = None, **more: Any
) -> ResponseReturnValue:
    """A case with its conversation and the form to go on with it; 400 when that is shown again.

    more: what the page of its kind needs besides.
    """
    found = find_shown_case(kind, case_id)
    template = f"{KINDS[kind].many}/one.html"
    page = render_case(template, found, form or MessageForm(formdata=None), **more)
    return page if form is None else (page, 400)


def answer_conversation(kind: str, case_id: uuid.UUID, **more: Any) -> ResponseReturnValue:
    """What is sent with the form of `show_conversation`; more: as there."""
    move = require_button(kind)
    form = MessageForm().for_move(kind, move)
    found = disputes().case(kind=kind, case_id=case_id)
    if not form.validate_on_submit():
        return show_conversation(kind, case_id, form, **more)
    return say_in_case(found, form, move)


def _one_of(name: str, values: Container[str]) -> str | None:
    found = request.args.get(name)
    return found if found in values else None
