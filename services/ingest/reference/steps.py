"""Keeping the council's lists as matching says them (DESIGN 1). Takes a session, never commits."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from services.ingest.reference import store, store_clients

SAVE_LIST: Final = {
    "organisations": store.save_organisations,
    "services": store.save_services,
    "service_levels": store.save_service_levels,
    "visit_types": store.save_visit_types,
}
"""How each of the lists in ``care_changed`` is kept, in this order."""


def keep_lists(session: Session, message: Message) -> None:
    """``care_changed``: keep the newest of the council's lists, and by what references clients are known.

    Packages of the same version come in messages of their own, and may overtake the lists.
    """
    body: Mapping[str, Any] = message.body
    said = [key for key in SAVE_LIST if key in body]
    for key in said:
        if body[key]:
            SAVE_LIST[key](session, body[key])
    if said:
        store.take_reference_version(session, body["reference_version"])
    if body.get("packages"):
        store_clients.save_references(session, body["packages"])
