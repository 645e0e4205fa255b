"""Marks on weeks that are to be measured again: one statement a step.

A mark is added, never changed; `services/matching/measures/remeasuring.py` takes away those that it saw. So what changes
visits waits for nobody. A week without visits has nothing to measure, so what changes care marks those weeks alone that
were measured or are stale already; it waits for whoever measures just now, and is waited for, so that no week is measured
first by what held before, unmarked.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.matching.stale_weeks.rules import Span

_KNOWN_WEEKS = (
    "(SELECT organisation_id, monday FROM measured_days WHERE day = monday"
    " UNION SELECT organisation_id, monday FROM stale_weeks)"
)
_MARK = "INSERT INTO stale_weeks (organisation_id, monday) "
MEASURING_LOCK = 4_205_317_033
"""Any number that no other advisory lock has: shared to measure, exclusive to change what is measured by."""


def may_measure(session: Session, organisation_id: str) -> bool:
    """Whether nobody else measures this organisation and nobody changes what it is measured by; held until the end."""
    found = session.execute(
        text(
            f"SELECT pg_try_advisory_xact_lock_shared({MEASURING_LOCK}),"
            " pg_try_advisory_xact_lock(hashtextextended('measures ' || :organisation, 0))"
        ),
        {"organisation": organisation_id},
    )
    return all(found.one())


def _wait_for_measuring(session: Session) -> None:
    session.execute(text(f"SELECT pg_advisory_xact_lock({MEASURING_LOCK})"))


def mark_weeks(session: Session, organisation_id: str, mondays: Collection[dt.date]) -> None:
    """An organisation's visits of these weeks changed."""
    if mondays:
        session.execute(
            text(_MARK + "SELECT CAST(:organisation AS uuid), unnest(CAST(:mondays AS date[]))"),
            {"organisation": organisation_id, "mondays": array_text(sorted(mondays))},
        )


def mark_spans(session: Session, spans: Iterable[Span]) -> None:
    """Care that holds on these days changed."""
    listed = sorted(set(spans))
    if listed:
        _wait_for_measuring(session)
        session.execute(
            text(
                f"{_MARK} SELECT DISTINCT k.organisation_id, k.monday FROM {_KNOWN_WEEKS} k"
                " JOIN unnest(CAST(:organisations AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))"
                " AS s (organisation_id, first, last) ON s.organisation_id = k.organisation_id"
                " AND k.monday BETWEEN s.first - 6 AND s.last"
            ),
            {
                "organisations": array_text(span.organisation_id for span in listed),
                "firsts": array_text(span.first for span in listed),
                "lasts": array_text(span.last for span in listed),
            },
        )


def mark_cplis(
    session: Session, cpli_ids: Collection[int], first: dt.date = dt.date.min, last: dt.date = dt.date.max
) -> None:
    """Something of these CPLIs changed on all their days, or on those from one to another."""
    if cpli_ids:
        _wait_for_measuring(session)
        session.execute(
            text(
                f"{_MARK} SELECT DISTINCT k.organisation_id, k.monday FROM {_KNOWN_WEEKS} k"
                " JOIN cplis c ON c.organisation_id = k.organisation_id AND c.start_on <= k.monday + 6"
                " AND (c.end_on IS NULL OR c.end_on >= k.monday)"
                " WHERE c.cpli_id = ANY(CAST(:cplis AS bigint[])) AND k.monday BETWEEN CAST(:first AS date) - 6 AND :last"
            ),
            {"cplis": array_text(sorted(cpli_ids)), "first": first, "last": last},
        )


def mark_from(session: Session, day: dt.date) -> None:
    """What all organisations are measured by changed for the days from this one on."""
    _wait_for_measuring(session)
    session.execute(
        text(
            f"{_MARK} SELECT k.organisation_id, k.monday FROM {_KNOWN_WEEKS} k"
            " WHERE k.monday >= CAST(:day AS date) - 6"
        ),
        {"day": day},
    )


def stale_weeks(
    session: Session, organisation_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, list[dt.date]]:
    """The Mondays of stale weeks that hold any of these days, in order, by organisation."""
    rows = session.execute(
        text(
            "SELECT DISTINCT organisation_id::text, monday FROM stale_weeks"
            " WHERE organisation_id = ANY(CAST(:organisations AS uuid[]))"
            " AND monday BETWEEN CAST(:first AS date) - 6 AND :last ORDER BY 1, 2"
        ),
        {"organisations": array_text(organisation_ids), "first": first, "last": last},
    )
    found: dict[str, list[dt.date]] = {}
    for organisation_id, monday in rows:
        found.setdefault(organisation_id, []).append(monday)
    return found


def organisations_due(session: Session, before: dt.datetime, quiet_since: dt.datetime) -> list[str]:
    """Organisations with stale weeks, in no order: all where nothing was marked since ``quiet_since``, else those
    marked before ``before``."""
    return list(
        session.scalars(
            text(
                "SELECT organisation_id::text FROM stale_weeks GROUP BY organisation_id HAVING min(marked_at) < :before"
                " OR (SELECT max(marked_at) FROM stale_weeks) < :quiet_since ORDER BY random()"
            ),
            {"before": before, "quiet_since": quiet_since},
        )
    )


def marks_of(session: Session, organisation_id: str, weeks: int) -> dict[dt.date, list[int]]:
    """The marks of so many of an organisation's stale weeks, those marked first, by Monday."""
    rows = session.execute(
        text(
            "SELECT monday, array_agg(mark) FROM stale_weeks WHERE organisation_id = CAST(:organisation AS uuid)"
            " GROUP BY monday ORDER BY min(mark) LIMIT :weeks"
        ),
        {"organisation": organisation_id, "weeks": weeks},
    )
    return dict(rows.all())


def take_away(session: Session, marks: Collection[int]) -> None:
    """These marks are done; those that came meanwhile stay."""
    session.execute(
        text("DELETE FROM stale_weeks WHERE mark = ANY(CAST(:marks AS bigint[]))"),
        {"marks": array_text(marks)},
    )
