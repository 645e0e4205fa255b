"""What is said of changed care: ``care_changed``, and ``rematch_wanted`` for the visits that it touches."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

from sqlalchemy.orm import Session

from libs.common.messaging.outbox import emit, emit_many
from libs.common.seams.matching.events import CareChanged, MergedClient, RematchWanted
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.book.book import CareBook
from services.matching.care import store as care_store

SINGLE_LANE_CPLIS = 5
CLIENTS_IN_A_REMATCH = 20


def list_cplis_to_say(session: Session, book: CareBook) -> set[int]:
    """The CPLIs to say: changed ones, and those of changed services and clients. The book is written."""
    beside = book_store.cplis_of_services(session, book.changed_services)
    return {*book.changed_cplis, *beside, *book_store.cplis_of_clients(session, book.changed_clients)}


def note_renamed(session: Session, book: CareBook) -> None:
    """A service with another name or ref is what other visits name: its CPLIs are matched again."""
    cpli_ids = book_store.cplis_of_services(session, book.renamed_services)
    for cpli_id, (client_id, organisation_id, _) in care_store.facts_of_cplis(session, cpli_ids).items():
        book.rematch(cpli_id, organisation_id, client_id)


def say_packages(
    session: Session,
    cpli_ids: Iterable[int],
    reference_version: int,
    *,
    cause_id: str,
    lane: str,
    merged_clients: Sequence[MergedClient] = (),
) -> None:
    """``care_changed`` with packages: a client's together where possible, some fifty to a message.

    Merges go with each message, so that whoever hears of a merged client's care knows of the merge.
    """
    packages = store_messages.stream_packages(session, set(cpli_ids))
    parts = iter(lambda: list(islice(packages, book_store.CPLIS_IN_A_MESSAGE)), [])
    said: CareChanged = {"reference_version": reference_version}
    if merged_clients:
        said["merged_clients"] = list(merged_clients)
        parts = chain([next(parts, [])], parts)
    bodies: Iterator[CareChanged] = ({**said, "packages": part} for part in parts)
    emit_many(session, "care_changed", bodies, cause_id=cause_id, lane=lane)


def list_rematches(session: Session, book: CareBook) -> Iterator[RematchWanted]:
    """The bodies of ``rematch_wanted``: organisations that are locked together, their clients, their CPLIs.

    A CPLI that moved between organisations or clients is matched again for both in one transaction.
    """
    clients: dict[tuple[str, ...], set[str]] = defaultdict(set)
    cplis: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for cpli_id, pairs in book.rematched.items():
        organisations = tuple(sorted({organisation_id for organisation_id, _ in pairs}))
        for _, client_id in pairs:
            clients[organisations].add(client_id)
            cplis[organisations].append((client_id, cpli_id))
    for organisation_id, renumbered in book_store.organisations_with_visits_of(
        session, book.renumbered
    ).items():
        clients[organisation_id,] |= renumbered
    delivering = book_store.organisations_with_deliveries(session, {o for group in clients for o in group})
    for organisations, of_group in clients.items():
        if delivering.isdisjoint(organisations):
            continue
        of_clients: dict[str, set[int]] = defaultdict(set)
        for client_id, cpli_id in cplis[organisations]:
            of_clients[client_id].add(cpli_id)
        yield from _rematches_of_group(organisations, of_group, of_clients)


def _rematches_of_group(
    organisations: tuple[str, ...], clients: set[str], cplis: Mapping[str, set[int]]
) -> Iterator[RematchWanted]:
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


def rematch_body(organisations: tuple[str, ...], clients: set[str], cpli_ids: set[int]) -> RematchWanted:
    """One ``rematch_wanted``."""
    return {
        "organisation_ids": list(organisations),
        "client_ids": sorted(clients),
        "cpli_ids": sorted(cpli_ids),
    }


def say_lists(
    session: Session, cause_id: str, *, reference_version: int | None = None, lane: str = "single"
) -> None:
    """``care_changed`` with all lists, under this version, or that of the newest entry."""
    version = store_messages.reference_version(session) if reference_version is None else reference_version
    lists = store_messages.reference_lists(session)
    body: CareChanged = {
        "reference_version": version,
        "organisations": lists["organisations"],
        "services": lists["services"],
        "service_levels": lists["service_levels"],
        "visit_types": lists["visit_types"],
    }
    emit(session, "care_changed", body, cause_id=cause_id, lane=lane)
