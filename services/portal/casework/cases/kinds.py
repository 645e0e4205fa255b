"""Where each kind of case is found."""

from __future__ import annotations

import uuid
from typing import Any, Final, NamedTuple

from flask import url_for

from libs.common.casework.cases import ACTION, CLAIM, DISPUTE, ENQUIRY, REVIEW


class Kind(NamedTuple):
    """A kind of case. many: its pages, its part of the API and its letters; parameter: what addresses call its id."""

    name: str
    many: str
    parameter: str


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind(DISPUTE, "disputes", "case_id"),
        Kind(ENQUIRY, "enquiries", "enquiry_id"),
        Kind(ACTION, "actions", "action_id"),
        Kind(REVIEW, "reviews", "review_id"),
        Kind(CLAIM, "claims", "claim_id"),
    )
}


def address_of(kind: str, case_id: uuid.UUID | str) -> str:
    """The page of a case."""
    return _address(f"{KINDS[kind].many}.one", kind, case_id)


def api_address_of(endpoint: str, kind: str, case_id: uuid.UUID | str) -> str:
    """Where the API shows a case; endpoint: the name of that route."""
    return _address(f"api.{endpoint}", kind, case_id)


def _address(endpoint: str, kind: str, case_id: uuid.UUID | str) -> str:
    place: dict[str, Any] = {KINDS[kind].parameter: case_id}
    return url_for(endpoint, **place)
