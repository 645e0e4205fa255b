"""The sweep: files that no service needs are taken away, and what services put there is counted (docs/retention.md).

Nothing is taken away while a service does not answer, nor before it has lain there for two days.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files.objects import PARTS_FOLDER, ObjectFound, list_objects, remove_object, size_of_object
from libs.common.process import logs
from libs.common.rpc import SYSTEM
from services.portal.accounts.environment import Parts
from services.portal.clients import all_clients
from services.portal.clients.gateway import Gateway
from services.portal.schema.tables_storage import StorageSweep
from services.portal.storage import store
from services.portal.storage.rules import COUNCIL, FOLDERS, UNATTACHED

_log = logs.log(__name__)
Thing = TypeVar("Thing")

FIRST_SECONDS, SWEEP_SECONDS = 120.0, 3600.0
AT_ONCE = 1_000
"""About so many files services are asked at once."""
YOUNG = dt.timedelta(minutes=10)
"""A file of a service that is younger may belong to a transaction that is not over."""


class Held(NamedTuple):
    """That a file is needed: by which service, and whose it is."""

    service: str
    owner: str


def sweep(parts: Parts, gateway: Gateway) -> StorageSweep:
    """Look at all files that may not be needed. Raises ServiceUnavailable and Refused; what is done by then is done."""
    now = parts.clock()
    swept = StorageSweep(swept_at=now, removed_files=0, removed_bytes=0, counted_files=0, missing_files=0)
    try:
        _sweep_counted(parts, gateway, now, swept)
        for folder in FOLDERS:
            _sweep_folder(parts, gateway, now, folder, swept)
    finally:
        with parts.sessions.begin() as transaction:
            store.keep_sweep(transaction, swept)
    return swept


def _sweep_counted(parts: Parts, gateway: Gateway, now: dt.datetime, swept: StorageSweep) -> None:
    """Counted files: those that a service needs are noted so, the others taken away."""
    before, after = now - UNATTACHED, ""
    while True:
        with parts.sessions.begin() as transaction:
            rows = [
                (row.key, row.owner)
                for row in store.to_ask_about(transaction, before=before, now=now, after=after, limit=AT_ONCE)
            ]
        if not rows:
            return
        after = rows[-1][0]
        held = find_held(gateway, [key for key, _ in rows])
        missing = [key for key in held if size_of_object(key) is None]
        if missing:
            _log.error("objects_missing", number=len(missing), first=missing[0])
        swept.missing_files += len(missing)
        with parts.sessions.begin() as transaction:
            store.note_held(transaction, {key: one.service for key, one in held.items()}, now)
        unneeded: dict[str, list[str]] = defaultdict(list)
        for key, owner in rows:
            if key not in held:
                unneeded[owner].append(key)
        for owner, keys in unneeded.items():
            _remove_counted(parts, owner, keys, before, swept)


def _remove_counted(
    parts: Parts, owner: str, keys: Sequence[str], before: dt.datetime, swept: StorageSweep
) -> None:
    """Under the owner's lock: one that was sent again meanwhile is left."""
    with parts.sessions.begin() as transaction:
        storage = store.locked(transaction, owner)
        old = store.older_of(transaction, keys, before)
        for key in old:
            remove_object(key)
        swept.removed_bytes += store.count_no_longer(transaction, storage, old)
        swept.removed_files += len(old)


def _sweep_folder(parts: Parts, gateway: Gateway, now: dt.datetime, folder: str, swept: StorageSweep) -> None:
    """Files that are not counted: what a service needs is counted, what lay there for long is taken away."""
    ripe = (found for found in list_objects(folder) if found.stored_at < now - YOUNG)
    for some in _by(AT_ONCE, ripe):
        with parts.sessions.begin() as transaction:
            known = store.known_of(transaction, [found.key for found in some])
        unknown = [found for found in some if found.key not in known]
        if not unknown:
            continue
        held = {} if folder == PARTS_FOLDER else find_held(gateway, [found.key for found in unknown])
        for found in unknown:
            if found.key in held:
                _count_found(parts, found, held[found.key], now)
                swept.counted_files += 1
            elif found.stored_at < now - UNATTACHED:
                remove_object(found.key)
                swept.removed_files += 1
                swept.removed_bytes += found.size


def _count_found(parts: Parts, found: ObjectFound, held: Held, now: dt.datetime) -> None:
    with parts.sessions.begin() as transaction:
        storage = store.locked(transaction, held.owner)
        if store.find(transaction, found.key) is None:
            store.count(transaction, storage, found.key, found.size, found.stored_at)
            store.note_held(transaction, {found.key: held.service}, now)


def find_held(gateway: Gateway, keys: Sequence[str]) -> dict[str, Held]:
    """Those of these files that some service needs. Every service is asked; raises what any raises."""
    found: dict[str, Held] = {}
    for client in all_clients(gateway, SYSTEM):
        for key, organisation_id in client.held_objects(keys=list(keys)).items():
            found[key] = Held(client.service, organisation_id or COUNCIL)
    return found


def _by(number: int, things: Iterable[Thing]) -> Iterator[list[Thing]]:
    left = iter(things)
    while some := list(islice(left, number)):
        yield some


class Sweeper:
    """Sweeps once an hour, as long as the process lives. `run` is for a thread that is kept."""

    def __init__(self, parts: Parts, gateway: Gateway) -> None:
        self._parts, self._gateway = parts, gateway

    def run(self, stop: threading.Event) -> None:
        pause = FIRST_SECONDS
        while not stop.wait(pause):
            pause = SWEEP_SECONDS
            try:
                swept = sweep(self._parts, self._gateway)
            except (SQLAlchemyError, ServiceUnavailable, Refused, OSError) as error:
                _log.warning("sweep_waits", reason=type(error).__name__)
                continue
            _log.info(
                "storage_swept",
                removed_files=swept.removed_files,
                removed_bytes=swept.removed_bytes,
                counted_files=swept.counted_files,
                missing_files=swept.missing_files,
            )
