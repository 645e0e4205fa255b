"""The lists that the council changes: service levels and visit types (RULES 2, 6). Takes a session, never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from libs.common.care.names import fold
from libs.common.errors import Refused
from libs.common.messaging.outbox import emit, emit_many
from libs.common.proposals import steps as proposals_steps
from libs.common.proposals.steps import Proposal
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.matching.lists import ServiceLevelSaved, VisitType, VisitTypeChange
from libs.common.seams.proposals import Proposed
from services.matching.book import messages as care_messages
from services.matching.book import store as book_store
from services.matching.book.book import CareBook
from services.matching.care import store as care_store
from services.matching.lists import store
from services.matching.lists.rules import level_faults
from services.matching.lists.views import visit_types_on
from services.matching.stale_weeks import store as stale_weeks

VISIT_TYPE = "visit_type"
"""The kind of proposal by which a visit type changes."""


def save_service_level(
    session: Session,
    caller: Caller,
    *,
    key: str | None,
    name: str,
    ref: str | None,
    requires_visits: bool,
    aliases: Sequence[str],
) -> ServiceLevelSaved:
    """Change the service level of this key, or (None) add one; what it touches is matched again.

    Raises Refused ``not_found``, ``in_flight`` and, with the field it is about, ``service_level_wrong``.
    """
    care_store.lock_care_soon(session)
    book = CareBook(levels=store.levels(session))
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
            for cpli_id, organisation_id, client_id in store.cplis_of_level(session, fold(name)):
                book.rematch(cpli_id, organisation_id, client_id)
        say_changed(session, book, caller["who"])
    return {"key": fold(name), "is_new": before is None}


def say_changed(session: Session, book: CareBook, who: str) -> None:
    """Write the changed levels, say the lists, and have matched again the clients that they touch."""
    cause_id = str(uuid.uuid4())
    book_store.save_book(session, book, imported_by=who, cause_id=cause_id)
    stale_weeks.mark_cplis(session, book.rematched.keys())
    care_messages.say_lists(session, cause_id)
    emit_many(session, "rematch_wanted", care_messages.list_rematches(session, book), cause_id=cause_id)


def propose_visit_type(
    session: Session,
    caller: Caller,
    *,
    ref: str,
    effective_from: dt.date,
    paid: bool,
    charged: bool,
    basis: str,
) -> Proposed:
    """Ask a second person to have a visit type paid and charged, or not, for visits planned from a date on (RULES 8).

    ``basis`` is the time that counts (delivered, planned). Payments works out what it would change. What was set for
    that very date changes nothing. Raises Refused ``not_allowed``, ``not_found`` and, with the field it is about, ``visit_type_wrong``.
    """
    require_council(caller)
    known = require_visit_type(session, ref, effective_from)
    day = effective_from.isoformat()
    counted = basis if paid or charged else ""
    if (paid or charged) and not counted:
        raise Refused("visit_type_wrong", "Choose the time that is paid and charged", {"field": "basis"})
    if counted == "delivered" and not known["delivered"]:
        sentence = "Visits of this type are not delivered: choose planned time"
        raise Refused("visit_type_wrong", sentence, {"field": "basis"})
    change: VisitTypeChange = {"effective_from": day, "paid": paid, "charged": charged, "basis": counted}
    if change in known["changes"]:
        return {"state": "unchanged", "proposal_id": None}
    wanted = {"ref": ref, **change}
    proposal_id, is_new = proposals_steps.propose(session, VISIT_TYPE, wanted, caller["who"])
    if is_new:
        body = {"proposal_id": str(proposal_id), "kind": VISIT_TYPE, "wanted": wanted}
        emit(session, "effect_wanted", body, cause_id=str(proposal_id), lane="single")
    return {"state": "proposed", "proposal_id": str(proposal_id)}


def require_visit_type(session: Session, ref: str, day: dt.date) -> VisitType:
    """A visit type as it is on a day; raises Refused ``not_found``."""
    found = next((kind for kind in visit_types_on(session, day) if kind["ref"] == ref), None)
    if found is None:
        raise Refused("not_found", "There is no such visit type.")
    return found


def change_visit_type(session: Session, proposal: Proposal) -> None:
    """Do what two people have decided; payments prices every week again that holds such visits.

    Raises Refused ``in_flight``.
    """
    care_store.lock_care_soon(session)
    wanted = dict(proposal.wanted)
    store.add_visit_type_change(session, wanted.pop("ref"), wanted, proposal.proposed_by)
    care_messages.say_lists(session, proposal.proposal_id)


STEPS: Mapping[str, proposals_steps.CarryOut] = {VISIT_TYPE: change_visit_type}
"""What is done with an approval."""
