"""Queries of matching on what is kept of measured weeks: counts by day, carers and deliveries by week (RULES 16).

Whoever asks names the stale weeks, so that all of an answer leaves out the same.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import monday_of
from libs.common.sql.columns import array_text
from libs.common.sql.copying import copy_rows
from services.matching.measures.days import Carers, CarersOfWeeks, Counts, weekdays_between
from services.matching.measures.rules import FRUSTRATED
from services.matching.measures.store import OF_CARE_OF_HOURS

COUNTED = Counts._fields[:-1]
"""All but the hours commissioned, which are a fraction."""
DAY_COLUMNS = (
    "organisation_id",
    "day",
    "monday",
    "has_visits",
    *COUNTED,
    "hours_numerator",
    "hours_denominator",
)
OrganisationWeek = tuple[str, dt.date]
OrganisationDays = tuple[str, dt.date, dt.date]
_OF_DAYS = (
    " FROM measured_days WHERE organisation_id = ANY(CAST(:organisations AS uuid[])) AND day BETWEEN :first AND :last"
    " AND (organisation_id, monday) NOT IN (SELECT * FROM unnest(CAST(:stale AS uuid[]), CAST(:mondays AS date[])))"
)


def sum_days(
    session: Session,
    organisation_ids: Collection[str],
    first: dt.date,
    last: dt.date,
    stale: Collection[OrganisationWeek],
) -> dict[str, tuple[Counts, bool]]:
    """The counts of all days that are not stale, and whether any visit is planned on one, by organisation."""
    asked = _asked(organisation_ids, first, last, stale)
    hours: dict[str, Fraction] = defaultdict(Fraction)
    query = "SELECT organisation_id::text, sum(hours_numerator), hours_denominator"
    for one, numerator, denominator in session.execute(text(f"{query}{_OF_DAYS} GROUP BY 1, 3"), asked):
        hours[one] += Fraction(int(numerator), int(denominator))
    sums = ", ".join(f"sum({name})::bigint" for name in COUNTED)
    query = f"SELECT organisation_id::text, bool_or(has_visits), {sums}{_OF_DAYS} GROUP BY 1"
    return {
        one: (Counts._make((*counted, hours[one])), has_visits)
        for one, has_visits, *counted in session.execute(text(query), asked)
    }


def count_carers(
    session: Session,
    organisation_ids: Collection[str],
    first: dt.date,
    last: dt.date,
    stale: Collection[OrganisationWeek],
    beside: Sequence[OrganisationDays],
) -> dict[str, Carers]:
    """Clients with their different carers, by organisation: of all days that are not stale, and, as visits say, of
    the organisations' days ``beside`` those."""
    rows = session.execute(
        text(
            f"WITH {_CARERS} SELECT organisation_id::text, count(*), sum(carers)::bigint FROM"
            " (SELECT organisation_id, client_id, count(*) AS carers FROM"
            "  (SELECT organisation_id, client_id, carer_ref FROM all_carers GROUP BY 1, 2, 3) c GROUP BY 1, 2) k"
            " GROUP BY 1"
        ),
        {
            **_asked(organisation_ids, first, last, stale),
            "first_monday": monday_of(first),
            "last_monday": monday_of(last),
            "of_first": weekdays_between(monday_of(first), first, last),
            "of_last": weekdays_between(monday_of(last), first, last),
            "beside": array_text(one for one, _, _ in beside),
            "firsts": array_text(first for _, first, _ in beside),
            "lasts": array_text(last for _, _, last in beside),
        },
    )
    return {one: Carers(clients, carers) for one, clients, carers in rows}


_CARERS = f"""
all_carers AS (
    SELECT organisation_id, client_id, carer_ref FROM measured_carers
    WHERE organisation_id = ANY(CAST(:organisations AS uuid[])) AND monday BETWEEN :first_monday AND :last_monday
    AND (monday <> :first_monday OR weekdays & :of_first <> 0) AND (monday <> :last_monday OR weekdays & :of_last <> 0)
    AND (organisation_id, monday) NOT IN (SELECT * FROM unnest(CAST(:stale AS uuid[]), CAST(:mondays AS date[])))
    UNION ALL
    SELECT v.organisation_id, v.client_id, v.carer_ref
    FROM unnest(CAST(:beside AS uuid[]), CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS b (organisation_id, first, last)
    JOIN visits v ON v.organisation_id = b.organisation_id AND v.planned_on BETWEEN b.first AND b.last
    {OF_CARE_OF_HOURS} JOIN visit_types t ON t.ref = v.visit_type AND t.delivered
    WHERE NOT v.deleted AND v.carer_ref <> ''
)
"""


def weeks_sent(session: Session, organisation_id: str, first: dt.date, last: dt.date) -> set[dt.date]:
    """The Mondays that are kept between two days, stale or not."""
    rows = session.scalars(
        text(
            "SELECT monday FROM measured_days WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND day = monday AND monday BETWEEN :first AND :last"
        ),
        {"organisation": organisation_id, "first": first, "last": last},
    )
    return set(rows)


def kept_days(
    session: Session, organisation_id: str, first: dt.date, last: dt.date
) -> dict[dt.date, tuple[Counts, bool]]:
    """What is kept of an organisation's days, stale or not: the counts, and whether any visit is planned."""
    rows = session.execute(
        text(
            f"SELECT day, has_visits, hours_numerator, hours_denominator, {', '.join(COUNTED)} FROM measured_days"
            " WHERE organisation_id = CAST(:organisation AS uuid) AND day BETWEEN :first AND :last"
        ),
        {"organisation": organisation_id, "first": first, "last": last},
    )
    return {
        day: (Counts._make((*counted, Fraction(int(numerator), int(denominator)))), has_visits)
        for day, has_visits, numerator, denominator, *counted in rows
    }


def kept_carers(
    session: Session, organisation_id: str, first_monday: dt.date, last_monday: dt.date
) -> CarersOfWeeks:
    """The carers that are kept of an organisation's weeks from one to another."""
    rows = session.execute(
        text(
            "SELECT monday, client_id::text, carer_ref, weekdays FROM measured_carers"
            " WHERE organisation_id = CAST(:organisation AS uuid) AND monday BETWEEN :first AND :last"
        ),
        {"organisation": organisation_id, "first": first_monday, "last": last_monday},
    )
    return {(monday, client_id, carer_ref): weekdays for monday, client_id, carer_ref, weekdays in rows}


def kept_deliveries(
    session: Session, organisation_id: str, mondays: Collection[dt.date]
) -> dict[tuple[int, dt.date], int]:
    """The delivered and frustrated seconds that are kept of these weeks, by CPLI and Monday."""
    return _deliveries(
        session,
        "SELECT cpli_id, monday, seconds FROM measured_deliveries"
        " WHERE organisation_id = CAST(:organisation AS uuid) AND monday = ANY(CAST(:mondays AS date[]))",
        organisation_id,
        mondays,
    )


def deliveries_of_visits(
    session: Session, organisation_id: str, mondays: Collection[dt.date]
) -> dict[tuple[int, dt.date], int]:
    """The delivered and frustrated seconds of these weeks as the visits say, by CPLI and Monday."""
    return _deliveries(session, DELIVERIES, organisation_id, mondays, frustrated=sorted(FRUSTRATED))


def _deliveries(
    session: Session, query: str, organisation_id: str, mondays: Collection[dt.date], **values: Any
) -> dict[tuple[int, dt.date], int]:
    asked = {"organisation": organisation_id, "mondays": array_text(mondays), **values}
    rows = session.execute(text(query), asked)
    return {(cpli_id, monday): seconds for cpli_id, monday, seconds in rows}


def _asked(
    organisation_ids: Iterable[str], first: dt.date, last: dt.date, stale: Collection[OrganisationWeek]
) -> dict[str, Any]:
    return {
        "organisations": array_text(organisation_ids),
        "first": first,
        "last": last,
        "stale": array_text(one for one, _ in stale),
        "mondays": array_text(monday for _, monday in stale),
    }


def keep_weeks(
    session: Session,
    organisation_id: str,
    mondays: Collection[dt.date],
    days: Mapping[dt.date, Counts],
    days_with_visits: Collection[dt.date],
    carers: CarersOfWeeks,
) -> None:
    """Put these in the place of what is kept of an organisation's weeks.

    A week that is not sent has no days. The worker alone does this: COPY passes by what limits a caller's rows.
    """
    weeks = {"organisation": organisation_id, "mondays": array_text(mondays)}
    for table in ("measured_days", "measured_carers", "measured_deliveries"):
        session.execute(
            text(
                f"DELETE FROM {table} WHERE organisation_id = CAST(:organisation AS uuid)"
                " AND monday = ANY(CAST(:mondays AS date[]))"
            ),
            weeks,
        )
    rows = (
        (
            organisation_id,
            day,
            monday_of(day),
            day in days_with_visits,
            *counts[:-1],
            *counts.hours_commissioned.as_integer_ratio(),
        )
        for day, counts in days.items()
    )
    copy_rows(session, "measured_days", DAY_COLUMNS, rows)
    columns = ("organisation_id", "monday", "client_id", "carer_ref", "weekdays")
    of_weeks = ((organisation_id, *one, weekdays) for one, weekdays in carers.items())
    copy_rows(session, "measured_carers", columns, of_weeks)
    session.execute(
        text(
            "INSERT INTO measured_deliveries (organisation_id, monday, cpli_id, seconds)"
            f" SELECT CAST(:organisation AS uuid), monday, cpli_id, seconds FROM ({DELIVERIES}) d"
        ),
        {**weeks, "frustrated": sorted(FRUSTRATED)},
    )


DELIVERIES = """
SELECT v.cpli_id, v.monday, sum(CASE WHEN t.delivered THEN coalesce(v.delivered_seconds, 0)
    ELSE (v.planned_exit - v.planned_entry + 86400) % 86400 END)::bigint AS seconds
FROM unnest(CAST(:mondays AS date[])) AS w (monday)
JOIN visits v ON v.organisation_id = CAST(:organisation AS uuid) AND v.planned_on BETWEEN w.monday AND w.monday + 6
JOIN visit_types t ON t.ref = v.visit_type
WHERE NOT v.deleted AND v.cpli_id IS NOT NULL AND (t.delivered OR t.ref = ANY(:frustrated)) GROUP BY 1, 2
"""
"""Delivered and frustrated seconds of an organisation's CPLIs by week, from its visits."""
