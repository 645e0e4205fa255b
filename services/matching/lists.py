"""The lists that the council changes: service levels and visit types (RULES 2, 6). Takes a session, never commits."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.names import fold
from libs.common.outbox import emit, emit_many
from services.matching import store_care, store_lists
from services.matching.care import rematches
from services.matching.care_book import CareBook
from services.matching.rules_lists import level_faults


def save_service_level(
    session: Session,
    *,
    key: str | None,
    name: str,
    ref: str | None,
    requires_visits: bool,
    aliases: Sequence[str],
    who: str,
) -> dict[str, Any]:
    """Change the service level of this key, or (None) add one; what it touches is matched again.

    Raises Refused ``not_found``, ``in_flight`` and, with the field it is about, ``service_level_wrong``.
    """
    store_lists.lock_care_soon(session)
    book = CareBook(levels=store_lists.levels(session))
    if key is not None and key not in book.levels:
        raise Refused("not_found", "There is no such service level.")
    kept = [alias for alias in dict.fromkeys(aliases) if fold(alias) != fold(name)]
    for fault in level_faults(key, name, ref, kept, book.levels):
        raise Refused("service_level_wrong", fault.sentence, {"field": fault.field})
    before = book.levels.get(key) if key is not None else None
    level = {"service_level_ref": ref, "name": name, "requires_visits": requires_visits, "aliases": kept}
    if level != before:
        book.levels[fold(name)] = level
        book.changed_levels.add(fold(name))
        if before is not None and before["requires_visits"] != requires_visits:
            for cpli_id, organisation_id, client_id in store_lists.cplis_of_level(session, fold(name)):
                book.rematched[cpli_id].add((organisation_id, client_id))
        say_changed(session, book, who)
    return {"key": fold(name), "is_new": before is None}


def say_changed(session: Session, book: CareBook, who: str) -> None:
    """Write the changed levels, say the lists, and have matched again the clients that they touch."""
    cause_id = str(uuid.uuid4())
    store_care.save_book(session, book, imported_by=who, cause_id=cause_id)
    say_lists(session, cause_id)
    emit_many(session, "rematch_wanted", rematches(session, book), cause_id=cause_id)


def say_lists(session: Session, cause_id: str) -> None:
    """``care_changed`` with all lists, under the version of the newest entry."""
    body = {"reference_version": store_care.reference_version(session)} | store_care.reference_lists(session)
    emit(session, "care_changed", body, cause_id=cause_id, lane="single")


def save_visit_type(session: Session, *, ref: str, paid: bool, charged: bool, basis: str) -> None:
    """Have a visit type paid and charged, or not; ``basis`` is the time that counts (delivered, planned).

    Payments prices every week again that holds such visits. Raises Refused ``not_found``, ``in_flight`` and, with
    the field it is about, ``visit_type_wrong``.
    """
    store_lists.lock_care_soon(session)
    known = {kind["ref"]: kind for kind in store_lists.visit_types(session)}
    if ref not in known:
        raise Refused("not_found", "There is no such visit type.")
    counted = basis if paid or charged else ""
    if (paid or charged) and not counted:
        raise Refused("visit_type_wrong", "Choose the time that is paid and charged", {"field": "basis"})
    if counted == "delivered" and not known[ref]["delivered"]:
        sentence = "Visits of this type are not delivered: choose planned time"
        raise Refused("visit_type_wrong", sentence, {"field": "basis"})
    now = {"paid": paid, "charged": charged, "basis": counted}
    if any(known[ref][name] != value for name, value in now.items()):
        store_lists.save_visit_type(session, ref, now)
        say_lists(session, str(uuid.uuid4()))
