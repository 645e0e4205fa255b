"""Queries of what the object store holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_storage import Storage, StorageSweep, StoredObject
from services.portal.storage.rules import A_DAY, ASKED_AGAIN

SWEEPS_KEPT = dt.timedelta(days=90)


def locked(transaction: Transaction, owner: str) -> Storage:
    """An owner's row, made where it is missing, locked until the transaction ends."""
    transaction.execute(insert(Storage).values(owner=owner).on_conflict_do_nothing())
    return transaction.execute(
        select(Storage)
        .where(Storage.owner == owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()


def files_since(transaction: Transaction, owner: str, moment: dt.datetime) -> int:
    """How many files it sent since."""
    query = select(func.count()).where(StoredObject.owner == owner, StoredObject.stored_at > moment)
    return transaction.scalar(query) or 0


def files_today(transaction: Transaction, owner: str, now: dt.datetime) -> int:
    return files_since(transaction, owner, now - A_DAY)


def count(transaction: Transaction, storage: Storage, key: str, size: int, now: dt.datetime) -> None:
    """Count a file that is not counted yet; its owner's row is locked."""
    transaction.add(StoredObject(key=key, owner=storage.owner, bytes=size, stored_at=now))
    storage.held_bytes += size
    storage.held_files += 1
    transaction.flush()


def count_no_longer(transaction: Transaction, storage: Storage, keys: Collection[str]) -> int:
    """Take files of this owner from the count, whose row is locked; how many bytes they held."""
    rows = transaction.scalars(
        delete(StoredObject)
        .where(StoredObject.owner == storage.owner, StoredObject.key.in_(keys))
        .returning(StoredObject.bytes)
    ).all()
    storage.held_bytes -= sum(rows)
    storage.held_files -= len(rows)
    transaction.flush()
    return sum(rows)


def find(transaction: Transaction, key: str) -> StoredObject | None:
    return transaction.get(StoredObject, key)


def touch(transaction: Transaction, keys: Collection[str], now: dt.datetime) -> int:
    """Have these files be as new as if they were sent now; how many of them are counted."""
    statement = update(StoredObject).where(StoredObject.key.in_(keys)).values(stored_at=now)
    return len(transaction.scalars(statement.returning(StoredObject.key)).all())


def to_ask_about(
    transaction: Transaction, *, before: dt.datetime, now: dt.datetime, after: str, limit: int
) -> Sequence[StoredObject]:
    """Files older than a moment of which it is not known that they are needed, or not newly, by key."""
    query = (
        select(StoredObject)
        .where(
            StoredObject.stored_at < before,
            or_(StoredObject.held_at.is_(None), StoredObject.held_at < now - ASKED_AGAIN),
            StoredObject.key > after,
        )
        .order_by(StoredObject.key)
        .limit(limit)
    )
    return transaction.scalars(query).all()


def note_held(transaction: Transaction, by: Mapping[str, str], now: dt.datetime) -> None:
    """Which service needs each of these files."""
    for service in set(by.values()):
        keys = [key for key, of in by.items() if of == service]
        statement = update(StoredObject).where(StoredObject.key.in_(keys))
        transaction.execute(statement.values(held_by=service, held_at=now))


def older_of(transaction: Transaction, keys: Collection[str], before: dt.datetime) -> list[str]:
    """Those of these counted files that are older than a moment."""
    query = select(StoredObject.key).where(StoredObject.key.in_(keys), StoredObject.stored_at < before)
    return list(transaction.scalars(query))


def known_of(transaction: Transaction, keys: Collection[str]) -> set[str]:
    """Those of these keys that are counted."""
    return set(transaction.scalars(select(StoredObject.key).where(StoredObject.key.in_(keys))))


def of_folder(transaction: Transaction, folder: str) -> dict[str, int]:
    """Every counted file of a folder, with its bytes."""
    query = select(StoredObject.key, StoredObject.bytes).where(StoredObject.key.like(f"{folder}/%"))
    return {row.key: row.bytes for row in transaction.execute(query)}


def every_owner(transaction: Transaction) -> Sequence[Storage]:
    return transaction.scalars(select(Storage).order_by(Storage.held_bytes.desc(), Storage.owner)).all()


def sums_by_owner(transaction: Transaction) -> dict[str, tuple[int, int]]:
    """Bytes and files of each owner, as the counted files say."""
    query = select(StoredObject.owner, func.sum(StoredObject.bytes), func.count()).group_by(
        StoredObject.owner
    )
    return {owner: (int(size), number) for owner, size, number in transaction.execute(query)}


def keep_sweep(transaction: Transaction, sweep: StorageSweep) -> None:
    """Note a sweep, and forget those of long ago."""
    transaction.execute(delete(StorageSweep).where(StorageSweep.swept_at < sweep.swept_at - SWEEPS_KEPT))
    transaction.merge(sweep)


def newest_sweeps(transaction: Transaction, limit: int) -> Sequence[StorageSweep]:
    return transaction.scalars(select(StorageSweep).order_by(StorageSweep.swept_at.desc()).limit(limit)).all()
