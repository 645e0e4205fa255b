"""What is set apart: one week that can't be priced, one visit that can't be matched, never its neighbours.

A handler that fails for a reason nobody expected is rolled back and run again in parts: all locks first, then
halves, each in a savepoint, down to what fails alone. That is noted in ``set_apart`` with its reason and the
message that says it once more; its neighbours are done. The next success with the same thing clears it. The good
path has neither savepoint nor statement for this: `receive` says whether anything is set apart at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from json import dumps
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Session

from libs.common.messaging.counts import table
from libs.common.messaging.failures import Verdict, judge, reason_of
from libs.common.messaging.messages import Message

_log = structlog.get_logger(__name__)

Handler = Callable[[Session, Message], object]
Thing = TypeVar("Thing")

APART_IDS = uuid.UUID("5f3b6c0e-77c1-5b1f-9a55-0f5d2d9f1c47")
ANY_VERSION = 2**63 - 1
"""For what has no versions: whatever is set apart of it is meant."""
KNOWN = "caretally.has_set_apart"
"""session.info: whether anything was set apart when the message was received."""


@dataclass(frozen=True, slots=True)
class Part:
    """One thing of a message that may be set apart.

    ``kind`` and ``key`` say which: a ``week`` (``CpliId/Monday``), a ``visit`` (``organisation/VisitRef``), a
    ``client`` or a ``package`` by id. ``event`` and ``body`` are the message that says it alone; ``version`` is the
    state of it that is said, where it has versions.
    """

    kind: str
    key: str
    event: str
    body: Mapping[str, Any]
    version: int = 0
    organisation_id: str | None = None

    @property
    def apart_id(self) -> uuid.UUID:
        return apart_id_of(self.kind, self.key)


@dataclass(frozen=True, slots=True)
class InParts:
    """A handler that can also take its message in parts: ``in_parts`` is called when ``whole`` failed."""

    whole: Handler
    in_parts: Handler

    def __call__(self, session: Session, message: Message) -> object:
        return self.whole(session, message)


def apart_id_of(kind: str, key: str) -> uuid.UUID:
    """The id under which a thing is set apart; always the same."""
    return uuid.uuid5(APART_IDS, f"{kind}/{storable(key)}")


def set_apart_table(metadata: sa.MetaData) -> sa.Table:
    """Adds ``set_apart`` to a service's metadata. The body is text: JSON can say what no column can hold."""
    return sa.Table(
        "set_apart",
        metadata,
        sa.Column("apart_id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("organisation_id", sa.Uuid, nullable=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("cause_id", sa.Uuid, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )


def by_halves(
    handle: Handler,
    *,
    lock: Handler,
    divide: Callable[[Session, Message], Sequence[Part]],
    join: Callable[[Sequence[Part]], Mapping[str, Any]],
) -> InParts:
    """A handler that is run again in ever smaller parts when it failed.

    ``lock`` takes every lock of the whole message: one that was first taken in a savepoint would go with it.
    ``divide`` gives the parts, those that belong together side by side; ``join`` the body of several.
    """

    def in_parts(session: Session, message: Message) -> None:
        lock(session, message)
        parts = divide(session, message)

        def take(some: Sequence[Part]) -> None:
            handle(session, replace(message, body=dict(join(some))))

        for part, error in take_by_halves(session, parts, take):
            note_apart(session, part, error, message.cause_id)

    return InParts(handle, in_parts)


def take_by_halves(
    session: Session, parts: Sequence[Thing], take: Callable[[Sequence[Thing]], object]
) -> list[tuple[Thing, Exception]]:
    """Take the parts together, where that fails each half, and so on; the parts that fail alone, each with why.

    What passes by itself (a lock, a lost connection) is raised: then the whole is tried again later.
    """
    if not parts:
        return []
    try:
        with session.begin_nested():
            take(parts)
            session.flush()
        return []
    except Exception as error:  # judged here as at the edge of a handler
        if not is_for_parts(error):
            raise
        if len(parts) == 1:
            return [(parts[0], error)]
    half = len(parts) // 2
    return take_by_halves(session, parts[:half], take) + take_by_halves(session, parts[half:], take)


def result_or_reason(work: Callable[[], Thing]) -> tuple[Thing | None, str | None]:
    """What a pure piece of work gives, or why it gives nothing: the edge of one week."""
    try:
        return work(), None
    except Exception as error:  # whatever is wrong with one week's data stops no other week
        return None, reason_of(error)


def is_for_parts(error: BaseException) -> bool:
    """Whether an error may be about one part of a message alone: neither the database nor time will mend it."""
    return judge(error) in (Verdict.UNKNOWN, Verdict.HOPELESS)


def note_apart(session: Session, part: Part, why: BaseException | str, cause_id: str) -> None:
    """Set one part apart, unless a newer state of it is already."""
    reason = storable(why if isinstance(why, str) else reason_of(why))
    session.info[KNOWN] = True
    _log.error("set_apart", kind=part.kind, key=storable(part.key), reason=reason)
    statement = sa.text(
        f"INSERT INTO {table(session, 'set_apart')} AS kept"
        " (apart_id, kind, key, organisation_id, event, body, reason, version, cause_id)"
        " VALUES (:apart_id, :kind, :key, :organisation_id, :event, :body, :reason, :version,"
        " CAST(:cause_id AS uuid)) ON CONFLICT (apart_id) DO UPDATE SET event = excluded.event,"
        " body = excluded.body, reason = excluded.reason, version = excluded.version,"
        " organisation_id = excluded.organisation_id, cause_id = excluded.cause_id, tried_at = now()"
        " WHERE kept.version <= excluded.version"
    )
    values = {
        "apart_id": part.apart_id,
        "kind": part.kind,
        "key": storable(part.key),
        "organisation_id": _uuid_or_none(part.organisation_id),
        "event": part.event,
        "body": dumps(part.body),
        "reason": reason,
        "version": _version_of(part),
        "cause_id": cause_id,
    }
    session.execute(statement, values)


def _uuid_or_none(text: str | None) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except (ValueError, TypeError, AttributeError):
        return None  # it may be what is wrong with the part


def _version_of(part: Part) -> int:
    return max(0, min(part.version, ANY_VERSION)) if isinstance(part.version, int) else 0


def clear_apart(session: Session, kind: str, done: Mapping[str, int]) -> None:
    """These things were done, each in this version of it: no older state of them is set apart any longer."""
    if not done or not has_apart(session):
        return
    session.execute(
        sa.text(
            f"DELETE FROM {table(session, 'set_apart')} AS kept"
            " USING unnest(CAST(:ids AS uuid[]), CAST(:versions AS bigint[])) AS done (id, version)"
            " WHERE kept.apart_id = done.id AND kept.version <= done.version"
        ),
        {"ids": [str(apart_id_of(kind, key)) for key in done], "versions": list(done.values())},
    )


def count_apart(session: Session) -> int:
    """How many things are set apart, a thousand at most."""
    statement = f"SELECT count(*) FROM (SELECT FROM {table(session, 'set_apart')} LIMIT 1000) AS found"
    return session.scalar(sa.text(statement)) or 0


def has_apart(session: Session) -> bool:
    """Whether anything is set apart; so it seems where no message was received."""
    return bool(session.info.get(KNOWN, True))


def storable(text: str) -> str:
    """The text with what PostgreSQL can't hold (NUL, half of a pair) written out, and no longer than a line."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")[:500]
