"""How the API lists cases of any kind, and takes what is said in them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Response
from marshmallow import Schema

from libs.common.seams.disputes.cases import SaidInCase, SentAttachment
from services.portal.api.operation import answered, caller
from services.portal.casework.cases import attachments
from services.portal.casework.cases.letters import tell_of_move
from services.portal.casework.cases.views import Listed, place_of
from services.portal.casework.cases.words import WORDS
from services.portal.clients.payload_types import After
from services.portal.web.access import the_parts
from services.portal.web.calls import disputes
from services.portal.web.paging import cursor_after, place_by_moment

Query = Mapping[str, Any]
"""A query or a body, as its schema has loaded it."""


def place_asked(query: Query) -> After | None:
    """The place in a list after which a page begins. Raises Refused ``bad_query``."""
    return place_by_moment(query.get("cursor"))


def answer_page(
    schema: type[Schema], found: list[Listed], query: Query, items: Sequence[object] | None = None
) -> Response:
    """A page of cases with the cursor by which the list goes on; items: how the cases are shown, if otherwise."""
    cursor = cursor_after(found, query["limit"], place_of)
    return answered(schema, {"items": found if items is None else items, "next_cursor": cursor})


def say_in_case(
    kind: str, case_id: uuid.UUID, body: Query, message_id: uuid.UUID, move: str = ""
) -> SaidInCase:
    """Add the message of a body to a case, and make a move by it; the provider is told what the council did.

    Raises Refused ``no_such_file``, ``not_found`` and ``not_allowed``.
    """
    said = disputes().say(
        kind=kind,
        case_id=case_id,
        message_id=message_id,
        words=body["words"],
        move=move,
        attachments=files_of(body, message_id),
    )
    tell_of_case(kind, case_id, move if said["is_moved"] else "", message_id)
    return said


def tell_of_case(kind: str, case_id: uuid.UUID, move: str, message_id: uuid.UUID) -> None:
    """A letter to the provider of a case, where the council's token has made a move that letters tell of."""
    if caller()["organisation"] is None and move in WORDS[kind].letters:
        tell_of_move(disputes().case(kind=kind, case_id=case_id), move, message_id)


def files_of(body: Query, message_id: uuid.UUID) -> list[SentAttachment]:
    """The files that a body names, as those of a message. Raises Refused ``no_such_file``."""
    return attachments.named(the_parts(), caller(), body["attachments"], message_id)
