"""Queries of concerns, their history and evidence. Row-level security shows them to commissioning staff alone."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.rpc import Caller

Row = dict[str, Any]
Place = tuple[dt.datetime, uuid.UUID]
"""(raised_at, concern_id) after which a page begins."""

_COLUMNS = (
    "concern_id", "number", "kind", "organisation_id", "client_reference", "cpli_id", "visits", "source",
    "about_kind", "about_id", "happened_on", "received_on", "state", "referred_to", "ended_in", "version",
    "raised_by", "raised_at", "changed_at",
)  # fmt: skip
_GIVEN = tuple(name for name in _COLUMNS if name != "number")
_CONCERN = ", ".join(_COLUMNS)
FILE_COLUMNS = (
    "concern_file_id", "of_id", "name", "content_type", "size_bytes", "sha256", "object_key", "added_by", "added_at",
)  # fmt: skip
_FILE = ", ".join(FILE_COLUMNS)


@contextmanager
def as_system(session: Session, caller: Caller) -> Iterator[None]:
    """Write in the block what the caller may add to and not see: somebody raises a concern, a provider answers.

    Whatever is raised in it ends the transaction, and with it the setting.
    """
    setting = text("SELECT set_config('app.role', :role, true)")
    session.execute(setting, {"role": "system"})
    yield
    session.execute(setting, {"role": caller["role"]})


def insert_concern(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a concern; False when it is there already."""
    values = ", ".join(f":{name}" for name in _GIVEN)
    statement = text(
        f"INSERT INTO concerns ({', '.join(_GIVEN)}) VALUES ({values}) ON CONFLICT DO NOTHING RETURNING true"
    )
    return session.execute(statement, {name: row[name] for name in _GIVEN}).first() is not None


def find_concern(session: Session, concern_id: uuid.UUID, *, is_locked: bool = False) -> Row | None:
    """A concern; locked until the transaction ends when it is to be changed."""
    lock = " FOR UPDATE" if is_locked else ""
    found = session.execute(
        text(f"SELECT {_CONCERN} FROM concerns WHERE concern_id = :concern_id{lock}"),
        {"concern_id": concern_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def save_concern(session: Session, row: Mapping[str, Any]) -> None:
    """What a step changes of a concern, which is locked."""
    session.execute(
        text(
            "UPDATE concerns SET state = :state, referred_to = :referred_to, ended_in = :ended_in,"
            " version = :version, changed_at = :changed_at WHERE concern_id = :concern_id"
        ),
        dict(row),
    )


def list_concerns(
    session: Session,
    chosen: Mapping[str, Any],
    *,
    states: Sequence[str],
    clients: Sequence[str] | None,
    after: Place | None,
    limit: int,
) -> list[Row]:
    """A page of concerns, the newest first. chosen: as `condition_of` takes it."""
    condition, values = condition_of(chosen)
    condition += " AND state = ANY(:states)"
    values |= {"states": list(states), "limit": limit}
    if clients is not None:
        condition += " AND client_reference = ANY(:clients)"
        values["clients"] = list(clients)
    if after is not None:
        condition += " AND (raised_at, concern_id) < (:after_at, :after_id)"
        values |= {"after_at": after[0], "after_id": after[1]}
    rows = session.execute(
        text(
            f"SELECT {_CONCERN} FROM concerns WHERE {condition} ORDER BY raised_at DESC, concern_id DESC LIMIT :limit"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]


def condition_of(chosen: Mapping[str, Any], day: str = "received_on") -> tuple[str, Row]:
    """The condition for what is chosen, and its values; what is None or not named limits nothing.

    chosen: kind, organisation_id, organisation_ids, first and last (days). day: the column that has the day.
    """
    wanted, values = ["true"], Row()
    for name, condition in (
        ("kind", "kind = :kind"),
        ("organisation_id", "organisation_id = :organisation_id"),
        ("organisation_ids", "organisation_id = ANY(:organisation_ids)"),
        ("first", f"{day} >= :first"),
        ("last", f"{day} <= :last"),
    ):
        if chosen.get(name) is not None:
            wanted.append(condition)
            values[name] = chosen[name]
    return " AND ".join(wanted), values


def insert_step(session: Session, row: Mapping[str, Any]) -> None:
    """Add a step of a concern, which is locked; its ordinal is the concern's version after it."""
    session.execute(
        text(
            "INSERT INTO concern_steps (step_id, concern_id, ordinal, move, state, words, done_by, done_at)"
            " VALUES (:step_id, :concern_id, :ordinal, :move, :state, :words, :done_by, :done_at)"
        ),
        dict(row),
    )


def has_step(session: Session, concern_id: uuid.UUID, step_id: uuid.UUID) -> bool:
    """Whether this step was made already."""
    found = session.scalar(
        text("SELECT true FROM concern_steps WHERE step_id = :step_id AND concern_id = :concern_id"),
        {"step_id": step_id, "concern_id": concern_id},
    )
    return found is not None


def list_steps(session: Session, concern_id: uuid.UUID) -> list[Row]:
    """The history of a concern, the first step first."""
    rows = session.execute(
        text(
            "SELECT step_id, move, state, words, done_by, done_at FROM concern_steps"
            " WHERE concern_id = :concern_id ORDER BY ordinal"
        ),
        {"concern_id": concern_id},
    )
    return [dict(row) for row in rows.mappings()]


def insert_files(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add evidence; each row has FILE_COLUMNS and ``concern_id``."""
    if rows:
        names = ", ".join(("concern_id", *FILE_COLUMNS))
        values = ", ".join(f":{name}" for name in ("concern_id", *FILE_COLUMNS))
        session.execute(
            text(f"INSERT INTO concern_files ({names}) VALUES ({values})"), [dict(row) for row in rows]
        )


def list_files(session: Session, concern_id: uuid.UUID) -> list[Row]:
    """The evidence of a concern, the first added first."""
    rows = session.execute(
        text(
            f"SELECT {_FILE} FROM concern_files WHERE concern_id = :concern_id ORDER BY added_at, concern_file_id"
        ),
        {"concern_id": concern_id},
    )
    return [dict(row) for row in rows.mappings()]


def find_file(session: Session, concern_file_id: uuid.UUID) -> Row | None:
    """Evidence, or a file of a provider's answer, where the caller may see it."""
    found = session.execute(
        text(
            f"SELECT {_FILE} FROM concern_files WHERE concern_file_id = :id"
            f" UNION ALL SELECT {_FILE} FROM breach_files WHERE concern_file_id = :id"
        ),
        {"id": concern_file_id},
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def count_states(session: Session, chosen: Mapping[str, Any]) -> dict[str, int]:
    """How many concerns are in each state. chosen: as `condition_of` takes it."""
    condition, values = condition_of(chosen)
    rows = session.execute(
        text(f"SELECT state, count(*) AS number FROM concerns WHERE {condition} GROUP BY state"), values
    )
    return {row.state: row.number for row in rows}


def count_concerns(session: Session, chosen: Mapping[str, Any]) -> int:
    """How many concerns there are. chosen: as `condition_of` takes it."""
    condition, values = condition_of(chosen)
    return session.execute(text(f"SELECT count(*) FROM concerns WHERE {condition}"), values).scalar_one()


def list_trends(session: Session, chosen: Mapping[str, Any]) -> list[Row]:
    """Concerns by the month in which they were received, and breach notices by that in which they were sent."""
    condition, values = condition_of(chosen)
    of_notices, _ = condition_of(chosen, "sent_on")
    rows = session.execute(
        text(
            "SELECT month, organisation_id, kind, sum(concerns)::bigint AS concerns,"
            " sum(breach_notices)::bigint AS breach_notices FROM ("
            " SELECT date_trunc('month', received_on)::date AS month, organisation_id, kind, 1 AS concerns,"
            f" 0 AS breach_notices FROM concerns WHERE {condition} UNION ALL"
            " SELECT date_trunc('month', sent_on)::date, organisation_id, kind, 0, 1 FROM breach_notices"
            f" WHERE {of_notices}) counted GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
        ),
        values,
    )
    return [dict(row) for row in rows.mappings()]
