"""What pages of other areas show of change requests."""

from __future__ import annotations

from typing import Any

from services.portal.contacts import store
from services.portal.contacts.rules import KINDS, SHOWN_FOR
from services.portal.web import access

SHOWN = 50
REQUEST_STATES = {
    "accepted": ("Accepted", "green"),
    "pending": ("Pending", "amber"),
    "rejected": ("Rejected", "red"),
}
"""[003]'s circles: each colour stands beside its word."""


def newest_requests() -> dict[str, Any]:
    """A provider's pending change requests and those of the last month, for another page that shows them."""
    parts = access.the_parts()
    with parts.sessions.begin() as transaction:
        rows = store.requests(
            transaction,
            access.account().organisation_id,
            since=parts.clock() - SHOWN_FOR,
            after=None,
            limit=SHOWN,
        )
    return {"requests": rows, "kinds": KINDS, "request_states": REQUEST_STATES}
