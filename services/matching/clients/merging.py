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
from services.matching.book import store as book_store
from services.matching.book.book import CareBook
from services.matching.book.words import name_of
from services.matching.clients import store as clients_store
from services.matching.clients import store_merging
from services.matching.clients.rules import IDENTIFIERS
from services.matching.clients.views import as_uuid
from services.matching.imports.steps import SINGLE_LANE_CPLIS, rematches, say_packages
from services.matching.lists import store as lists_store
from services.matching.matches import store as matches_store
from services.matching.matches.steps import by_cpli_week, compute_matches, resolve, visit_as_said
from services.matching.matches.store import CpliWeek, ReplicaVisit

Document = dict[str, Any]


def merge(session: Session, caller: Caller, *, client: str, into: str, reason: str) -> Document:
    """Merge a client into another; each by its id or any identifier. Doing it twice does it once.

    Raises Refused ``not_allowed``, ``not_found``, ``same_client`` and ``in_flight``.
    """
    for_council(caller)
    lists_store.lock_care_soon(session)
    stays, merged = known(session, into), known(session, client)
    if merged["client_id"] == stays["client_id"]:
        return done_before(session, client, stays)
    document = as_merged(as_kept(session, merged), stays, {"reason": reason, "merged_by": caller["who"]})
    say_merged(session, apply(session, merged, stays, reason=reason, who=caller["who"]), merged, stays)
    return document


def preview(session: Session, caller: Caller, *, client: str, into: str) -> Document:
    """What merging would do, and the visits of each CPLI-week that it would change; nothing is changed.

    It is done and taken back, so that it is what merging does. Raises Refused as ``merge`` does.
    """
    for_council(caller)
    lists_store.lock_care_soon(session)
    stays, merged = known(session, into), known(session, client)
    if merged["client_id"] == stays["client_id"]:
        return done_before(session, client, stays) | {"weeks": []}
    both = [person(merged), person(stays)]
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
    for cpli_id, organisation_id in store_merging.cplis_of(session, client_id):
        book.rematched[cpli_id] |= {(organisation_id, client_id), (organisation_id, into)}
    book.renumbered |= {client_id, into}
    store_merging.note(session, client_id, into, as_kept(session, merged), reason, who)
    store_merging.move_all(session, client_id, into, who=who)
    return book


def say_merged(session: Session, book: CareBook, merged: Mapping[str, Any], stays: Mapping[str, Any]) -> None:
    """``care_changed`` with the merge and the care of the client that stays; have its visits matched again."""
    cause_id = str(uuid.uuid4())
    cpli_ids = book_store.cplis_of_clients(session, [stays["client_id"]])
    book_store.renew_versions(session, cpli_ids)
    lane = "single" if len(cpli_ids) <= SINGLE_LANE_CPLIS else "bulk"
    say_packages(
        session,
        cpli_ids,
        book_store.reference_version(session),
        cause_id=cause_id,
        lane=lane,
        merged_clients=store_merging.all_merges(session, [merged["client_id"]]),
    )
    emit_many(session, "rematch_wanted", rematches(session, book), cause_id=cause_id, lane=lane)


def changed_weeks(session: Session, client_id: str, into: str) -> list[Document]:
    """The CPLI-weeks whose visits become others, with those visits as ``weeks_matched`` says them."""
    clients = [client_id, into]
    identifiers = matches_store.identifiers_of(session, clients)
    weeks: list[Document] = []
    for organisation_id in sorted(book_store.organisations_with_visits_of(session, clients)):
        before = matches_store.visits_of_clients(session, organisation_id, clients, identifiers)
        fresh = [copy_of(visit) for visit in before.values()]
        resolve(session, fresh)
        outcome = compute_matches(session, organisation_id, fresh, list(before.values()))
        then = by_cpli_week(outcome.visits, outcome.stored.values())
        now = by_cpli_week(outcome.stored.values(), ())
        weeks += [
            week_as_said(week, visits)
            for week, visits in then.items()
            if refs(visits) != refs(now.get(week, []))
        ]
    return weeks


def refs(visits: list[ReplicaVisit]) -> set[str]:
    """The VisitRefs of these visits."""
    return {visit.visit_ref for visit in visits}


def week_as_said(week: CpliWeek, visits: list[ReplicaVisit]) -> Document:
    """A CPLI's week and its visits."""
    cpli_id, monday = week
    return {
        "cpli_id": cpli_id,
        "monday": monday.isoformat(),
        "visits": [visit_as_said(visit) for visit in visits],
    }


def known(session: Session, written: str) -> Document:
    """A client by its id or any identifier. Raises Refused ``not_found``."""
    found = clients_store.one(session, as_uuid(written), written)
    if found is None:
        raise Refused("not_found", f"There is no client “{written}”: write an SSRef, ClientRef or NHSNumber.")
    return found


def done_before(session: Session, written: str, stays: Mapping[str, Any]) -> Document:
    """The merge by which a client came to be this one. Raises Refused ``same_client`` where there was none."""
    done = store_merging.merge_of(session, written, stays["client_id"])
    if done is None:
        raise Refused("same_client", "Both are the same client already: choose two clients.")
    return as_merged(done["client"], stays, done)


def as_kept(session: Session, client: Mapping[str, Any]) -> Document:
    """What is known of a client, as its merge keeps it."""
    return {**client, "identifiers": sorted(matches_store.identifiers_of(session, [client["client_id"]]))}


def as_merged(merged: Mapping[str, Any], stays: Mapping[str, Any], done: Mapping[str, Any]) -> Document:
    """A merge as the faces show it."""
    facts = {name: done[name] for name in ("reason", "merged_by")}
    return {"state": "merged", "client": person(merged), "into": person(stays), **facts}


def person(client: Mapping[str, Any]) -> Document:
    """A client by its id, name and identifiers."""
    return {"client_id": client["client_id"], "name": name_of(client)} | {
        kind: client[kind] for kind in IDENTIFIERS
    }


def for_council(caller: Caller) -> None:
    """Raises Refused ``not_allowed`` for a provider."""
    if caller["organisation"] is not None or caller["role"] not in ("council", "system"):
        raise Refused("not_allowed", "Only the council can merge clients.")
