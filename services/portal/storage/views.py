"""What files hold, as the council's page and the command line show it; and where count and folder differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from libs.common.files.objects import PARTS_FOLDER, list_objects
from services.portal.accounts.environment import Parts
from services.portal.schema.tables_storage import StorageSweep
from services.portal.storage import store
from services.portal.storage.rules import COUNCIL, FOLDERS, UNATTACHED, allowed_to

SWEEPS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Held:
    """What one owner's files hold and may hold, in bytes; ``is_own``: its figure was set for it alone."""

    owner: str
    held_bytes: int
    held_files: int
    files_today: int
    most_bytes: int
    is_own: bool

    @property
    def organisation_id(self) -> str | None:
        return None if self.owner == COUNCIL else self.owner


@dataclass(frozen=True, slots=True)
class Difference:
    """A file, or an owner's count, that is not as it should be."""

    what: str
    which: str
    expected: str
    held: str


def list_held(parts: Parts) -> list[Held]:
    """Every owner that ever sent a file or has a figure of its own, who holds most first."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        return [
            Held(
                row.owner,
                row.held_bytes,
                row.held_files,
                store.files_today(transaction, row.owner, now),
                allowed_to(row.owner, row.most_bytes, parts.allowed).most_bytes,
                row.most_bytes is not None,
            )
            for row in store.every_owner(transaction)
        ]


def list_sweeps(parts: Parts) -> list[StorageSweep]:
    """The newest sweeps."""
    with parts.sessions.begin() as transaction:
        return list(store.newest_sweeps(transaction, SWEEPS_SHOWN))


def list_differences(parts: Parts) -> Iterator[Difference]:
    """Where the counts, the counted files and the folder differ; what is younger than two days is left to the sweep."""
    with parts.sessions.begin() as transaction:
        sums = store.sums_by_owner(transaction)
        for row in store.every_owner(transaction):
            size, number = sums.get(row.owner, (0, 0))
            if (size, number) != (row.held_bytes, row.held_files):
                yield Difference(
                    "storage", row.owner, f"{size} in {number}", f"{row.held_bytes} in {row.held_files}"
                )
    since = parts.clock() - UNATTACHED
    for folder in FOLDERS:
        if folder != PARTS_FOLDER:
            yield from _differences_of_folder(parts, folder, since)


def _differences_of_folder(parts: Parts, folder: str, since: dt.datetime) -> Iterator[Difference]:
    with parts.sessions.begin() as transaction:
        counted = store.of_folder(transaction, folder)
    for found in list_objects(folder):
        size = counted.pop(found.key, None)
        if size is not None and size != found.size:
            yield Difference("stored object", found.key, str(size), str(found.size))
        elif size is None and found.stored_at < since:
            yield Difference("stored object", found.key, "not counted", str(found.size))
    with parts.sessions.begin() as transaction:
        still = store.known_of(transaction, counted)  # those that were swept meanwhile are neither
    for key in sorted(still):
        yield Difference("stored object", key, str(counted[key]), "not there")
