"""Merging two clients that are one person, by the council (RULES 2). Takes a session, never commits.

The client that stays has both clients' care, visits, circumstances and identifiers afterwards; payments is told, and
charges the weeks of both as one's.
"""

import uuid
from collections.abc import Mapping
from copy import copy as copy_of
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.messaging.outbox import emit_many
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.events import WeekVisits
from libs.common.seams.matching.merging import ClientMerge, ClientMergePreview, Person
from services.matching.book import messages as care_messages
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.book.book import CareBook
from services.matching.book.words import name_of
from services.matching.care import store as care_store
from services.matching.clients import store as clients_store
from services.matching.clients import store_merges
from services.matching.clients.views import as_uuid
from services.matching.identifiers import store as identifiers_store
from services.matching.matches import store as matches_store
from services.matching.matches.steps import by_cpli_week, compute_matches, resolve, visit_as_said
from services.matching.matches.store import CpliWeek, ReplicaVisit
from services.matching.merging import store as merging_store
from services.matching.stale_weeks import store as stale_weeks

Row = dict[str, Any]


def merge(session: Session, caller: Caller, *, client: str, into: str, reason: str) -> ClientMerge:
    """Merge a client into another; each by its id or any identifier. Doing it twice does it once.

    Raises Refused ``not_allowed``, ``not_found``, ``same_client`` and ``in_flight``.
    """
    require_council(caller)
    care_store.lock_care_soon(session)
    stays, merged = require_client(session, into), require_client(session, client)
    if merged["client_id"] == stays["client_id"]:
        return done_before(session, client, stays)
    document = merge_document(merged, stays, reason=reason, merged_by=caller["who"])
    say_merged(session, apply(session, merged, stays, reason=reason, who=caller["who"]), merged, stays)
    return document


def preview(session: Session, caller: Caller, *, client: str, into: str) -> ClientMergePreview:
    """What merging would do, and the visits of each CPLI-week that it would change; nothing is changed.

    It is done and taken back, so that it is what merging does. Raises Refused as ``merge`` does.
    """
    require_council(caller)
    care_store.lock_care_soon(session)
    stays, merged = require_client(session, into), require_client(session, client)
    if merged["client_id"] == stays["client_id"]:
        return {**done_before(session, client, stays), "weeks": []}
    both = person_of(merged), person_of(stays)
    tried = session.begin_nested()
    apply(session, merged, stays, reason="", who=caller["who"])
    weeks = changed_weeks(session, merged["client_id"], stays["client_id"])
    tried.rollback()
    return {"state": "preview", "client": both[0], "into": both[1], "weeks": weeks}


def apply(
    session: Session, merged: Mapping[str, Any], stays: Mapping[str, Any], *, reason: str, who: str
) -> CareBook:
    """Write the merge; the answer says what is to be matched again."""
    client_id, into = merged["client_id"], stays["client_id"]
    book = CareBook()
    for cpli_id, organisation_id in merging_store.cplis_of(session, client_id):
        book.rematch(cpli_id, organisation_id, client_id)
        book.rematch(cpli_id, organisation_id, into)
    book.renumbered |= {client_id, into}
    merging_store.note(session, client_id, into, as_kept(session, merged), reason, who)
    merging_store.move_all(session, client_id, into, who=who)
    return book


def say_merged(session: Session, book: CareBook, merged: Mapping[str, Any], stays: Mapping[str, Any]) -> None:
    """``care_changed`` with the merge and the care of the client that stays; have its visits matched again."""
    cause_id = str(uuid.uuid4())
    cpli_ids = book_store.cplis_of_clients(session, [stays["client_id"]])
    book_store.renew_versions(session, cpli_ids)
    stale_weeks.mark_cplis(session, cpli_ids)
    lane = "single" if len(cpli_ids) <= care_messages.SINGLE_LANE_CPLIS else "bulk"
    care_messages.say_packages(
        session,
        cpli_ids,
        store_messages.reference_version(session),
        cause_id=cause_id,
        lane=lane,
        merged_clients=store_merges.all_merges(session, [merged["client_id"]]),
    )
    emit_many(
        session, "rematch_wanted", care_messages.list_rematches(session, book), cause_id=cause_id, lane=lane
    )


def changed_weeks(session: Session, client_id: str, into: str) -> list[WeekVisits]:
    """The CPLI-weeks whose visits become others, with those visits as ``weeks_matched`` says them."""
    clients = [client_id, into]
    identifiers = identifiers_store.identifiers_of(session, clients)
    weeks: list[WeekVisits] = []
    for organisation_id in sorted(book_store.organisations_with_visits_of(session, clients)):
        before = matches_store.visits_of_clients(session, organisation_id, clients, identifiers)
        fresh = [copy_of(visit) for visit in before.values()]
        resolve(session, fresh)
        outcome = compute_matches(session, organisation_id, fresh, list(before.values()))
        then = by_cpli_week(outcome.visits, outcome.stored.values())
        now = by_cpli_week(outcome.stored.values(), ())
        weeks += [
            week_document(week, visits)
            for week, visits in then.items()
            if refs(visits) != refs(now.get(week, []))
        ]
    return weeks


def refs(visits: list[ReplicaVisit]) -> set[str]:
    """The VisitRefs of these visits."""
    return {visit.visit_ref for visit in visits}


def week_document(week: CpliWeek, visits: list[ReplicaVisit]) -> WeekVisits:
    """A CPLI's week and its visits."""
    cpli_id, monday = week
    return {
        "cpli_id": cpli_id,
        "monday": monday.isoformat(),
        "visits": [visit_as_said(visit) for visit in visits],
    }


def require_client(session: Session, written: str) -> Row:
    """A client by its id or any identifier. Raises Refused ``not_found``."""
    found = clients_store.find_client(session, as_uuid(written), written)
    if found is None:
        raise Refused("not_found", f"There is no client “{written}”: write an SSRef, ClientRef or NHSNumber.")
    return found


def done_before(session: Session, written: str, stays: Mapping[str, Any]) -> ClientMerge:
    """The merge by which a client came to be this one. Raises Refused ``same_client`` where there was none."""
    done = store_merges.merge_of(session, written, stays["client_id"])
    if done is None:
        raise Refused("same_client", "Both are the same client already: choose two clients.")
    return merge_document(done["client"], stays, reason=done["reason"], merged_by=done["merged_by"])


def as_kept(session: Session, client: Mapping[str, Any]) -> Row:
    """What is known of a client, as its merge keeps it."""
    return {**client, "identifiers": sorted(identifiers_store.identifiers_of(session, [client["client_id"]]))}


def merge_document(
    merged: Mapping[str, Any], stays: Mapping[str, Any], *, reason: str, merged_by: str
) -> ClientMerge:
    """A merge as the faces show it."""
    return {
        "state": "merged",
        "client": person_of(merged),
        "into": person_of(stays),
        "reason": reason,
        "merged_by": merged_by,
    }


def person_of(client: Mapping[str, Any]) -> Person:
    """A client by its id, name and identifiers."""
    return {
        "client_id": client["client_id"],
        "name": name_of(client),
        "ssref": client["ssref"],
        "client_ref": client["client_ref"],
        "nhs_number": client["nhs_number"],
    }
