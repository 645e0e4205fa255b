"""Importing commissioned care (RULES 2): the file, the book, what is said and what is matched again."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.csv_files import HEADINGS_AGAIN, FileRefused, RawFile, read_rows
from libs.common.files.objects import read_object, write_object
from libs.common.files.rejected_rows import REASONS, rejected_csv, undefuse
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit, emit_many
from libs.common.rpc import Caller
from services.matching.book import store as book_store
from services.matching.book.book import CareBook
from services.matching.book.rules import HEADINGS, OPTIONAL_HEADINGS, CareError
from services.matching.clients import store_merging
from services.matching.documents import steps as documents_steps
from services.matching.imports import checks
from services.matching.imports import store as imports_store
from services.matching.imports.failed_jobs import state_at_work
from services.matching.imports.rows import Read, read_by_trial, read_plainly, taken, was_tried
from services.matching.matches import store as matches_store

SINGLE_LANE_CPLIS = 5
CLIENTS_IN_A_REMATCH = 20


def receive_care(
    session: Session,
    *,
    import_id: uuid.UUID,
    object_key: str,
    file_name: str,
    who: str,
    is_checked_first: bool = False,
) -> dict[str, Any]:
    """Take note of a care file and have it imported, or checked to be looked at.

    Sending the same ``import_id`` again changes nothing.
    """
    if imports_store.care_import(session, import_id) is None:
        state = "checking" if is_checked_first else "importing"
        imports_store.start_import(
            session, import_id=import_id, object_key=object_key, file_name=file_name, who=who, state=state
        )
        body = {"import_id": str(import_id)}
        emit(session, "care_import_wanted", body, cause_id=str(import_id), lane="single")
    return document(session, import_id)


def receive_to_check(
    session: Session, caller: Caller, *, import_id: uuid.UUID, **file: str
) -> dict[str, Any]:
    """Have a care file checked; care is the council's. Raises Refused ``not_allowed``."""
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Commissioned care is imported by the council alone.")
    receive_care(session, import_id=import_id, who=caller["who"], is_checked_first=True, **file)
    return checks.shown(session, caller, import_id)


def document(session: Session, import_id: uuid.UUID) -> dict[str, Any]:
    """A care import as the faces show it."""
    found = imports_store.care_import(session, import_id)
    if found is None:
        raise Refused("not_found", "There is no care import with this id.")
    names = ("state", "refusal", "counts", "errors", "renamed", "reference_version")
    document = (
        {"id": str(import_id)} | {name: found[name] for name in names} | {"notes": found["notes"] or []}
    )
    if found["counts"]:
        document["counts"] = checks.in_order(found["counts"])
    return document


def import_care(session: Session, message: Message, read: Read = read_plainly) -> None:
    """``care_import_wanted``: take every row, write what changed, say it, and have matched again what it touches.

    A file that is checked first is looked through alone, and changes nothing until it is confirmed. If care changed
    since, so that the check would show something else, the file goes back to be looked at again. ``read`` also says
    which rows can't be stored, where doing without knowing failed.
    """
    wanted = wanted_import(session, uuid.UUID(message.body["import_id"]))
    if wanted is None:
        return
    import_id = wanted["import_id"]
    try:
        raw = read_care(read_object(wanted["object_key"]))
    except FileRefused as refusal:
        imports_store.end_import(session, import_id, state="refused", refusal=refusal.message)
        return
    if was_tried(wanted["errors"]):
        read = read_by_trial  # what was shown names rows that can't be stored
    book = taken(session, [*read(session, raw.rows), *headings_again(raw)])
    found = checks.findings(session, book)
    if book.errors:
        rejected = rejected_csv(HEADINGS, raw.rows, book.errors)
        write_object(checks.rejected_key(import_id), rejected.encode())
    if wanted["state"] == "checking" or not checks.is_as_shown(wanted, found):
        checks.keep(session, wanted, found)
        return
    imported_by = wanted["confirmed_by"] or wanted["imported_by"]
    version = write_and_say(session, book, imported_by=imported_by, cause_id=message.cause_id)
    imports_store.end_import(session, import_id, state="imported", reference_version=version, **found)


def wanted_import(session: Session, import_id: uuid.UUID) -> Mapping[str, Any] | None:
    """The file that is to be checked or imported, locked, with the lock of care that this needs; None if neither."""
    state = state_at_work(imports_store.care_import(session, import_id))
    if state is None:
        return None
    matches_store.lock_care(session, exclusive=state == "importing")
    found = imports_store.care_import(session, import_id, lock=True)
    return {**found, "state": state} if found is not None and state_at_work(found) == state else None


def read_care(content: bytes) -> RawFile:
    """The rows of a care file, unjudged. Raises FileRefused."""
    raw = read_rows(content, HEADINGS, optional=OPTIONAL_HEADINGS, expected=(REASONS,))
    undefuse(raw)
    return raw


def headings_again(raw: RawFile) -> Iterator[list[CareError]]:
    """The one error of each row that holds the headings once more."""
    for row in raw.headings_again:
        yield [CareError(row, "", "", "headings_again", HEADINGS_AGAIN)]


def write_and_say(session: Session, book: CareBook, *, imported_by: str, cause_id: str) -> int:
    """Write the book's changes and emit all that follows; answers the reference version."""
    book_store.save_book(session, book, imported_by=imported_by, cause_id=cause_id)
    documents_steps.publish(session, book, imported_by=imported_by)
    note_renamed(session, book)
    told = said_packages(session, book)
    book_store.renew_versions(session, told - book.changed_cplis)
    reference_version = max(book_store.reference_version(session), *matches_store.draw_versions(session, 1))
    lane = "single" if len(told) <= SINGLE_LANE_CPLIS else "bulk"
    if book.changed_organisations or book.changed_services or book.changed_levels:
        lists = book_store.reference_lists(session)
        emit(
            session,
            "care_changed",
            {"reference_version": reference_version} | lists,
            cause_id=cause_id,
            lane="single",
        )
    else:
        reference_version = book_store.reference_version(session)
    say_packages(session, told, reference_version, cause_id=cause_id, lane=lane)
    emit_many(session, "rematch_wanted", rematches(session, book), cause_id=cause_id, lane=lane)
    return reference_version


def said_packages(session: Session, book: CareBook) -> set[int]:
    """The CPLIs to say: changed ones, and those of changed services and clients. The book is written."""
    beside = book_store.cplis_of_services(session, book.changed_services)
    return {*book.changed_cplis, *beside, *book_store.cplis_of_clients(session, book.changed_clients)}


def note_renamed(session: Session, book: CareBook) -> None:
    """A service with another name or ref is what other visits name: its CPLIs are matched again."""
    cpli_ids = book_store.cplis_of_services(session, book.renamed_services)
    for cpli_id, (client_id, organisation_id, _) in matches_store.facts_of_cplis(session, cpli_ids).items():
        book.rematched[cpli_id].add((organisation_id, client_id))


def say_packages(
    session: Session,
    cpli_ids: Iterable[int],
    reference_version: int,
    *,
    cause_id: str,
    lane: str,
    merged_clients: Sequence[Mapping[str, Any]] = (),
) -> None:
    """``care_changed`` with packages: a client's together where possible, some fifty to a message.

    Merges go with each message, so that whoever hears of a merged client's care knows of the merge.
    """
    packages = book_store.packages_of(session, set(cpli_ids))
    step = book_store.CPLIS_IN_A_MESSAGE
    parts = [packages[i : i + step] for i in range(0, len(packages), step)]
    said: dict[str, Any] = {"reference_version": reference_version}
    if merged_clients:
        said["merged_clients"] = list(merged_clients)
        parts = parts or [[]]
    emit_many(
        session, "care_changed", (said | {"packages": part} for part in parts), cause_id=cause_id, lane=lane
    )


def rematches(session: Session, book: CareBook) -> Iterator[dict[str, Any]]:
    """The bodies of ``rematch_wanted``: organisations that are locked together, their clients, their CPLIs.

    A CPLI that moved between organisations or clients is matched again for both in one transaction.
    """
    clients: dict[tuple[str, ...], set[str]] = defaultdict(set)
    cplis: dict[tuple[str, ...], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for cpli_id, pairs in book.rematched.items():
        organisations = tuple(sorted({organisation_id for organisation_id, _ in pairs}))
        for _, client_id in pairs:
            clients[organisations].add(client_id)
            cplis[organisations][client_id].add(cpli_id)
    for organisation_id, renumbered in book_store.organisations_with_visits_of(
        session, book.renumbered
    ).items():
        clients[organisation_id,] |= renumbered
    with_visits = book_store.organisations_with_visits(session, {o for group in clients for o in group})
    for organisations, of_group in clients.items():
        if with_visits.isdisjoint(organisations):
            continue
        yield from rematch_bodies(organisations, of_group, cplis[organisations])


def rematch_bodies(
    organisations: tuple[str, ...], clients: set[str], cplis: Mapping[str, set[int]]
) -> Iterator[dict[str, Any]]:
    """One group's work in messages of some twenty clients; clients that share a CPLI go together."""
    batch: set[str] = set()
    ids: set[int] = set()
    together: dict[int, set[str]] = defaultdict(set)
    for client_id, of_client in cplis.items():
        for cpli_id in of_client:
            together[cpli_id].add(client_id)
    done: set[str] = set()
    for client_id in sorted(clients):
        if client_id in done:
            continue
        joined = {client_id}.union(*(together[cpli_id] for cpli_id in cplis.get(client_id, ())))
        batch |= joined
        done |= joined
        ids |= set().union(*(cplis.get(one, set()) for one in joined))
        if len(batch) >= CLIENTS_IN_A_REMATCH:
            yield rematch_body(organisations, batch, ids)
            batch, ids = set(), set()
    if batch:
        yield rematch_body(organisations, batch, ids)


def rematch_body(organisations: tuple[str, ...], clients: set[str], cpli_ids: set[int]) -> dict[str, Any]:
    """One ``rematch_wanted``."""
    return {
        "organisation_ids": list(organisations),
        "client_ids": sorted(clients),
        "cpli_ids": sorted(cpli_ids),
    }


def resync_care(session: Session, cause_id: str) -> None:
    """Say the current state of all lists and CPLIs again."""
    version = book_store.reference_version(session)
    lists = book_store.reference_lists(session)
    emit(session, "care_changed", {"reference_version": version} | lists, cause_id=cause_id)
    merges = store_merging.all_merges(session)
    if merges:
        body = {"reference_version": version, "merged_clients": merges}
        emit(session, "care_changed", body, cause_id=cause_id)
    say_packages(session, book_store.all_cplis(session), version, cause_id=cause_id, lane="bulk")
