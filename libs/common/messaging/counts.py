"""What a transaction emitted and received, added to ``progress`` when it commits.

The counts are written once, as the last statement before the commit, sorted. All messages of one
file share the row of their cause: whoever updated it early would hold up every other consumer of
that file until its own commit, or deadlock with it. So rows of ``progress`` are locked only for the
length of a commit, always in the same order, and nothing else is locked while they are held.

The same moment wakes the relay (NOTIFY takes effect at commit).
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event as sa_event
from sqlalchemy.orm import Session, SessionTransaction

_COUNTS = "caretally.counts"
_WAKE = "caretally.wake_relay"
_SAVED = "caretally.counts_at_savepoints"

# The channel is `channel_of` the schema.
_NOTIFY = sa.text("SELECT pg_notify(coalesce(cast(:schema AS text), current_schema()) || '_outbox', '')")

Counts = dict[tuple[str, str], tuple[int, int]]


def count(session: Session, cause_id: str, event: str, *, emitted: int = 0, received: int = 0) -> None:
    """Adds to the counts that this transaction writes when it commits."""
    counts: Counts = session.info.setdefault(_COUNTS, {})
    before = counts.get((str(cause_id), event), (0, 0))
    counts[str(cause_id), event] = (before[0] + emitted, before[1] + received)
    if emitted:
        wake_relay(session)


def wake_relay(session: Session) -> None:
    """Wakes the relay when this transaction commits."""
    session.info[_WAKE] = True


def channel_of(schema: str) -> str:
    """The NOTIFY channel that wakes the schema's relay."""
    return f"{schema}_outbox"


def table(session: Session, name: str) -> str:
    """The SQL name of one of the session's messaging tables.

    In the schema of ``session.info["schema"]``, or where that isn't said, on the search path.
    """
    schema = session.info.get("schema")
    return f'"{schema}".{name}' if schema else name


@sa_event.listens_for(Session, "before_commit")
def _write_counts(session: Session) -> None:
    if session.in_nested_transaction():
        return  # a savepoint is released; the transaction goes on
    counts: Counts = session.info.pop(_COUNTS, {})
    if counts:
        session.flush()  # what the ORM still holds takes its locks before ours
        session.execute(_statement(session), _values(counts))
    if session.info.pop(_WAKE, False):
        session.execute(_NOTIFY, {"schema": session.info.get("schema")})


def _statement(session: Session) -> sa.TextClause:
    return sa.text(
        f"INSERT INTO {table(session, 'progress')} AS kept (cause_id, event, emitted, received)"
        " SELECT * FROM unnest(cast(:causes AS uuid[]), cast(:events AS text[]),"
        " cast(:emitted AS bigint[]), cast(:received AS bigint[])) AS new(c, e, n, m) ORDER BY c, e"
        " ON CONFLICT (cause_id, event) DO UPDATE"
        " SET emitted = kept.emitted + excluded.emitted, received = kept.received + excluded.received"
    )


def _values(counts: Counts) -> dict[str, list[Any]]:
    return {
        "causes": [cause for cause, _ in counts],
        "events": [event for _, event in counts],
        "emitted": [emitted for emitted, _ in counts.values()],
        "received": [received for _, received in counts.values()],
    }


# What is rolled back, to a savepoint or altogether, was not emitted.


@sa_event.listens_for(Session, "after_transaction_create")
def _save(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info.setdefault(_SAVED, {})[transaction] = dict(session.info.get(_COUNTS, {}))


@sa_event.listens_for(Session, "after_soft_rollback")
def _restore(session: Session, transaction: SessionTransaction) -> None:
    saved = session.info.get(_SAVED, {})
    if transaction in saved:
        session.info[_COUNTS] = saved.pop(transaction)


@sa_event.listens_for(Session, "after_transaction_end")
def _forget(session: Session, transaction: SessionTransaction) -> None:
    # A savepoint's own end comes before its rollback is told, so it forgets nothing.
    if transaction.parent is None:
        for key in (_COUNTS, _WAKE, _SAVED):
            session.info.pop(key, None)
