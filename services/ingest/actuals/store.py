"""Queries of ingest on weeks of actuals; row-level security limits what a provider sees."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, text
from sqlalchemy.orm import Session

from libs.common.care.actuals import ActualLine

GENERATED: Final = "generated"
SUBMITTED: Final = "submitted"
VERSIONS_SHOWN: Final = 100
STREAMED: Final = 2_000
"""Rows that are fetched at once."""

CpliWeek = tuple[int, dt.date]


@dataclass(frozen=True, slots=True)
class StoredActual:
    """A CPLI's week as it is stored; ``reason`` is why it was deleted, empty otherwise."""

    cpli_id: int
    monday: dt.date
    version: int
    organisation_id: uuid.UUID
    state: str
    lines: tuple[ActualLine, ...]
    reason: str
    changed_by: str
    changed_at: dt.datetime

    @property
    def is_submitted(self) -> bool:
        """Whether somebody has saved it."""
        return self.state == SUBMITTED

    @property
    def has_time(self) -> bool:
        """Whether somebody has saved any time in it."""
        return self.is_submitted and any(
            line.delivered_seconds or line.frustrated_seconds for line in self.lines
        )


_COLUMNS = "cpli_id, monday, version, organisation_id, state, lines, reason, changed_by, changed_at"
_KEPT = f"{_COLUMNS}, file_id"


def find_actuals(session: Session, weeks: Iterable[CpliWeek]) -> dict[CpliWeek, StoredActual]:
    """What is stored of these CPLI-weeks."""
    listed = list(weeks)
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM actuals WHERE (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
        ),
        {"cplis": [cpli_id for cpli_id, _ in listed], "mondays": [monday for _, monday in listed]},
    )
    found = map(_actual_of, rows.mappings())
    return {(actual.cpli_id, actual.monday): actual for actual in found}


_IN_WEEK: Final = (
    "FROM actuals WHERE monday = :monday"
    " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
)


def actuals_in_week(
    session: Session, organisation_id: uuid.UUID | None, monday: dt.date
) -> dict[int, StoredActual]:
    """What is stored of a week, by CPLI, of one organisation or of all."""
    limits = {"monday": monday, "organisation": organisation_id}
    rows = session.execute(text(f"SELECT {_COLUMNS} {_IN_WEEK}"), limits)
    return {row["cpli_id"]: _actual_of(row) for row in rows.mappings()}


def cplis_in_week(session: Session, organisation_id: uuid.UUID | None, monday: dt.date) -> Sequence[int]:
    """The CPLIs of which something is stored in a week."""
    limits = {"monday": monday, "organisation": organisation_id}
    return session.scalars(text(f"SELECT cpli_id {_IN_WEEK} ORDER BY cpli_id"), limits).all()


def count_weeks(
    session: Session, organisation_id: uuid.UUID | None, first: dt.date, last: dt.date
) -> list[tuple[dt.date, int, int]]:
    """(Monday, how many are only generated, how many are saved) of the weeks between two Mondays, oldest first."""
    rows = session.execute(
        text(
            "SELECT monday, count(*) FILTER (WHERE state = :generated), count(*) FILTER (WHERE state = :submitted)"
            " FROM actuals WHERE monday BETWEEN :first AND :last"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " GROUP BY monday ORDER BY monday"
        ),
        {
            "generated": GENERATED,
            "submitted": SUBMITTED,
            "first": first,
            "last": last,
            "organisation": organisation_id,
        },
    )
    return [(monday, generated, submitted) for monday, generated, submitted in rows]


def find_versions(session: Session, week: CpliWeek) -> list[StoredActual]:
    """What a CPLI's week was before, newest first."""
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM actual_versions WHERE cpli_id = :cpli AND monday = :monday"
            " ORDER BY version DESC LIMIT :limit"
        ),
        {"cpli": week[0], "monday": week[1], "limit": VERSIONS_SHOWN},
    )
    return [_actual_of(row) for row in rows.mappings()]


def stream_submitted(session: Session) -> Iterator[StoredActual]:
    """All that was saved, an organisation's together; a portion of it is in memory."""
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM actuals WHERE state = :submitted ORDER BY organisation_id, cpli_id, monday"
        ),
        {"submitted": SUBMITTED},
        execution_options={"yield_per": STREAMED},
    )
    yield from map(_actual_of, rows.mappings())


def insert_generated(session: Session, weeks: Mapping[CpliWeek, uuid.UUID], who: str) -> int:
    """Note that these weeks (by the organisation) are generated, where nothing is there yet; how many are new."""
    if not weeks:
        return 0
    added = session.execute(
        text(
            "INSERT INTO actuals (cpli_id, monday, version, organisation_id, state, lines, changed_by)"
            " SELECT cpli_id, monday, nextval('version'), organisation_id, :state, '[]', :who FROM"
            " unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]), CAST(:organisations AS uuid[]))"
            " AS n (cpli_id, monday, organisation_id) ON CONFLICT DO NOTHING RETURNING 1"
        ),
        {
            "cplis": [cpli_id for cpli_id, _ in weeks],
            "mondays": [monday for _, monday in weeks],
            "organisations": list(weeks.values()),
            "state": GENERATED,
            "who": who,
        },
    )
    return len(added.all())


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be stored of a CPLI's week."""

    cpli_id: int
    monday: dt.date
    organisation_id: uuid.UUID
    lines: tuple[ActualLine, ...]
    reason: str = ""


def save_submitted(
    session: Session, entries: Sequence[Entry], who: str, file_id: uuid.UUID | None = None
) -> list[StoredActual]:
    """Store these weeks as submitted, and keep what they replace. The organisations are locked."""
    if not entries:
        return []
    values = {
        "cplis": [entry.cpli_id for entry in entries],
        "mondays": [entry.monday for entry in entries],
        "organisations": [entry.organisation_id for entry in entries],
        "lines": [lines_text(entry.lines) for entry in entries],
        "reasons": [entry.reason for entry in entries],
        "state": SUBMITTED,
        "file": file_id,
        "who": who,
    }
    session.execute(
        text(
            f"INSERT INTO actual_versions ({_KEPT}) SELECT {_KEPT} FROM actuals a JOIN"
            " unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])) AS n (cpli_id, monday) USING (cpli_id, monday)"
        ),
        {"cplis": values["cplis"], "mondays": values["mondays"]},
    )
    rows = session.execute(
        text(
            "INSERT INTO actuals (cpli_id, monday, version, organisation_id, state, lines, reason, file_id, changed_by)"
            " SELECT cpli_id, monday, nextval('version'), organisation_id, :state, lines, reason,"
            " CAST(:file AS uuid), :who FROM"
            " unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]), CAST(:organisations AS uuid[]),"
            " CAST(:lines AS jsonb[]), CAST(:reasons AS text[]))"
            " AS n (cpli_id, monday, organisation_id, lines, reason)"
            " ON CONFLICT (cpli_id, monday) DO UPDATE SET version = nextval('version'),"
            " organisation_id = excluded.organisation_id, state = excluded.state, lines = excluded.lines,"
            " reason = excluded.reason, file_id = excluded.file_id, changed_by = excluded.changed_by,"
            f" changed_at = now() RETURNING {_COLUMNS}"
        ),
        values,
    )
    return [_actual_of(row) for row in rows.mappings()]


def lines_text(lines: Iterable[ActualLine]) -> str:
    """Lines as they are stored: JSON."""
    return json.dumps(
        [
            [
                line.first_on.isoformat(),
                line.last_on.isoformat(),
                line.delivered_seconds,
                line.frustrated_seconds,
                line.visits,
                line.comment,
            ]
            for line in lines
        ]
    )


def _actual_of(row: RowMapping) -> StoredActual:
    lines = (
        ActualLine(dt.date.fromisoformat(first), dt.date.fromisoformat(last), *facts)
        for first, last, *facts in row["lines"]
    )
    return StoredActual(**{**row, "lines": tuple(lines)})
