"""Keeping what is sent: first counted, under the lock of whoever sends it, then written (RULES 14)."""

from __future__ import annotations

from collections.abc import Collection

from libs.common.errors import Refused
from libs.common.files.objects import Content, read_object, size_of, write_object
from libs.common.rpc import Caller
from services.portal.accounts.environment import Parts
from services.portal.storage import store
from services.portal.storage.rules import COUNCIL, allowed_to, refuse_beyond

GONE = "This file is not kept any more: send it again."
LARGEST_QUOTA = 10**15
"""Bytes: a million gigabytes."""


def owner_of(caller: Caller) -> str:
    """Whose files they are that somebody sends."""
    return caller["organisation"] or COUNCIL


def keep_upload(parts: Parts, caller: Caller, key: str, content: Content) -> None:
    """Store what was sent under ``key``, counted to whoever sends it; sent again under the same key, it counts once.

    Raises Refused ``storage_full`` and ``too_many_files`` before anything is written. Two at the same time wait for one
    another here, and not while they are written.
    """
    is_new = _count(parts, owner_of(caller), key, size_of(content))
    try:
        write_object(key, content)
    except BaseException:
        if is_new:
            _count_no_longer(parts, owner_of(caller), key)
        raise


def _count(parts: Parts, owner: str, key: str, size: int) -> bool:
    """Count a file before it is written; whether it was not counted before."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        storage = store.locked(transaction, owner)
        known = store.find(transaction, key)
        if known is not None and known.owner == owner and known.bytes == size:
            known.stored_at = now
            return False
        if known is not None and known.owner != owner:
            raise Refused("not_allowed", "There is another file of this name.")
        if known is not None:  # it is replaced
            store.count_no_longer(transaction, storage, [key])
        allowed = allowed_to(owner, storage.most_bytes, parts.allowed)
        refuse_beyond(
            allowed,
            held_bytes=storage.held_bytes,
            files_today=store.files_today(transaction, owner, now),
            size=size,
        )
        store.count(transaction, storage, key, size, now)
    return True


def _count_no_longer(parts: Parts, owner: str, key: str) -> None:
    with parts.sessions.begin() as transaction:
        store.count_no_longer(transaction, store.locked(transaction, owner), [key])


def require_kept(parts: Parts, keys: Collection[str]) -> None:
    """These files are about to be needed: no sweep takes them. Raises Refused ``no_such_file``."""
    wanted = set(keys)
    if not wanted:
        return
    with parts.sessions.begin() as transaction:
        if store.touch(transaction, wanted, parts.clock()) < len(wanted):
            raise Refused("no_such_file", GONE)


def read_kept(key: str) -> bytes:
    """What a stored file holds. Raises Refused ``not_found`` for one that is not kept any more."""
    try:
        return read_object(key)
    except FileNotFoundError:
        raise Refused("not_found", "This file is not kept any more.") from None


def set_quota(parts: Parts, owner: str, most_bytes: int | None, who: str) -> None:
    """Have other bytes hold for an owner; the default again for None. Raises Refused ``not_a_quota``."""
    if most_bytes is not None and not 0 <= most_bytes <= LARGEST_QUOTA:
        raise Refused("not_a_quota", "Write a number of bytes that is not below nothing.")
    with parts.sessions.begin() as transaction:
        storage = store.locked(transaction, owner)
        storage.most_bytes, storage.set_by, storage.set_at = most_bytes, who, parts.clock()
