"""Queries of matching for measures; row-level security limits what a provider sees."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.names import fold
from libs.common.care.plans import Plan
from libs.common.care.weeks import monday_of, sunday_of
from libs.common.rpc import Caller
from libs.common.sql.columns import array_text
from services.matching.care import store as care_store
from services.matching.measures.rules import MeasuredCare, MeasuredVisit
from services.matching.measures.thresholds import ThresholdSet

OF_CARE_OF_HOURS = """
JOIN cplis c ON c.cpli_id = v.cpli_id AND c.organisation_id = v.organisation_id AND c.unit = 'Hr'
    AND c.start_on <= v.planned_on AND (c.end_on IS NULL OR c.end_on >= v.planned_on)
"""
"""Only what is matched to CPLIs of hours is measured; one that ended is left out until its visits are matched again."""
NOBODY = "00000000-0000-0000-0000-000000000000"


@contextmanager
def as_system(session: Session, caller: Caller) -> Iterator[None]:
    """Read rows of all organisations in the block: the area's measures are theirs together.

    Whatever is raised in it ends the transaction, and with it the setting.
    """
    setting = text("SELECT set_config('app.role', :role, true)")
    session.execute(setting, {"role": "system"})
    yield
    session.execute(setting, {"role": caller["role"]})


def organisations_after(
    session: Session, organisation_id: str | None, after: str | None
) -> list[tuple[str, str]]:
    """Id and present name of this organisation, or of all whose ids follow ``after``, in the order of their ids."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, name FROM organisations WHERE organisation_id > CAST(:after AS uuid)"
            " AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))"
            " ORDER BY organisation_id"
        ),
        {"organisation": organisation_id, "after": after or NOBODY},
    )
    return [(one, name) for one, name in rows]


def matched_visits(
    session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date
) -> list[MeasuredVisit]:
    """The organisation's visits that are matched to care of hours, not deleted and planned from one day to another."""
    rows = session.execute(
        text(
            "SELECT v.cpli_id, v.client_id::text, v.visit_type, v.planned_on, v.planned_entry, v.planned_exit,"
            " v.delivered_entry, v.delivered_seconds, v.entry_overridden OR v.exit_overridden, v.carer_ref"
            f" FROM visits v {OF_CARE_OF_HOURS} WHERE v.organisation_id = CAST(:organisation AS uuid)"
            " AND v.planned_on BETWEEN :first AND :last AND NOT v.deleted"
        ),
        {"organisation": organisation_id, "first": first_on, "last": last_on},
    ).all()
    return list(map(MeasuredVisit._make, rows))


def weeks_sent(session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date) -> set[dt.date]:
    """The Mondays of the weeks around a span in which the organisation has any visit, matched or not."""
    return weeks_of(days_with_visits(session, organisation_id, first_on, last_on))


def weeks_of(days: Iterable[dt.date]) -> set[dt.date]:
    """The Mondays of these days."""
    return set(map(monday_of, days))


def days_with_visits(
    session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date
) -> set[dt.date]:
    """The days in the weeks around a span on which the organisation has any visit, matched or not."""
    days = session.scalars(
        text(
            "SELECT DISTINCT planned_on FROM visits WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND planned_on BETWEEN :first AND :last AND NOT deleted"
        ),
        {
            "organisation": organisation_id,
            "first": monday_of(first_on),
            "last": sunday_of(monday_of(last_on)),
        },
    )
    return set(days)


def measured_care(
    session: Session, organisation_id: str, first_on: dt.date, last_on: dt.date
) -> dict[int, MeasuredCare]:
    """The organisation's CPLIs of hours that are in force on any day of a span, by CpliId."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, c.client_id::text, c.start_on, c.end_on, c.timetable, c.critical_slots, c.suspensions,"
            " s.contract, c.payment_method = 'Visits' AND c.authorised AND coalesce(l.requires_visits, false)"
            " AS is_expected FROM cplis c JOIN services s USING (service_id)"
            " LEFT JOIN service_levels l ON l.folded_name = c.service_level"
            " WHERE c.organisation_id = CAST(:organisation AS uuid) AND c.unit = 'Hr' AND c.start_on <= :last"
            " AND (c.end_on IS NULL OR c.end_on >= :first)"
        ),
        {"organisation": organisation_id, "first": first_on, "last": last_on},
    ).all()
    terms = care_store.terms_of(session, [row.cpli_id for row in rows])
    circumstances = care_store.circumstances_of(session, rows)
    diaries = one_diaries(session)
    return {
        row.cpli_id: MeasuredCare(
            row.cpli_id,
            Plan(
                row.start_on,
                row.end_on,
                tuple(map(tuple, row.timetable)),
                care_store.suspensions_of(row, circumstances),
                terms[row.cpli_id],
            ),
            is_expected=row.is_expected,
            critical_slots=frozenset(map(tuple, row.critical_slots)),
            is_one_diary=is_one_diary(diaries, row.cpli_id, row.contract),
        )
        for row in rows
    }


def delivered_types(session: Session) -> frozenset[str]:
    """The visit types that are delivered (RULES 6)."""
    return frozenset(session.scalars(text("SELECT ref FROM visit_types WHERE delivered")))


def thresholds(session: Session) -> list[ThresholdSet]:
    """Every threshold that was set, the newest last."""
    rows = session.execute(
        text("SELECT name, effective_from, value FROM measure_thresholds ORDER BY change_id")
    )
    return [ThresholdSet(*row) for row in rows]


def add_thresholds(session: Session, set_ones: Iterable[ThresholdSet], who: str) -> None:
    """Have these hold from their days on."""
    for one in set_ones:
        session.execute(
            text(
                "INSERT INTO measure_thresholds (name, effective_from, value, set_by)"
                " VALUES (:name, :effective_from, :value, :who)"
            ),
            {**one._asdict(), "who": who},
        )


def about_cpli(cpli_id: int) -> str:
    """How a CPLI is named among what is monitored by total hours."""
    return f"cpli/{cpli_id}"


def about_contract(contract: str) -> str:
    """How a contract is named there."""
    return f"contract/{fold(contract)}"


def cplis_of_contract(session: Session, contract: str) -> list[int]:
    """The CPLIs of all services of a contract, however it is written."""
    services = session.execute(text("SELECT service_id::text, contract FROM services"))
    ids = [service_id for service_id, of in services if fold(of) == fold(contract)]
    found = session.scalars(
        text("SELECT cpli_id FROM cplis WHERE service_id = ANY(CAST(:ids AS uuid[]))"),
        {"ids": array_text(ids)},
    )
    return list(found)


def one_diaries(session: Session) -> dict[str, bool]:
    """What was ever said to be monitored by total hours, or not to be, as it was said last."""
    rows = session.execute(text("SELECT about, is_one_diary FROM one_diaries ORDER BY change_id"))
    return {row.about: row.is_one_diary for row in rows}


def one_diary_cplis(session: Session, organisation_id: str) -> frozenset[int]:
    """The organisation's CPLIs that are monitored by total hours."""
    diaries = one_diaries(session)
    if not any(diaries.values()):
        return frozenset()
    rows = session.execute(
        text(
            "SELECT c.cpli_id, s.contract FROM cplis c JOIN services s USING (service_id)"
            " WHERE c.organisation_id = CAST(:organisation AS uuid)"
        ),
        {"organisation": organisation_id},
    )
    return frozenset(cpli_id for cpli_id, contract in rows if is_one_diary(diaries, cpli_id, contract))


def is_one_diary(diaries: Mapping[str, bool], cpli_id: int, contract: str) -> bool:
    """What is said of a CPLI, else of its contract; nothing said is no."""
    return diaries.get(about_cpli(cpli_id), diaries.get(about_contract(contract), False))


def said_of(diaries: Mapping[str, bool], cpli_id: int, contract: str) -> str | None:
    """Of what it is said whether a CPLI is one diary: the ``line item``, its ``contract``, or nothing."""
    if about_cpli(cpli_id) in diaries:
        return "line item"
    return "contract" if about_contract(contract) in diaries else None


def diaries_of_cplis(session: Session, cpli_ids: Collection[int]) -> dict[int, bool]:
    """What was said last of these CPLIs themselves."""
    rows = session.execute(
        text("SELECT about, is_one_diary FROM one_diaries WHERE about = ANY(:about) ORDER BY change_id"),
        {"about": list(map(about_cpli, cpli_ids))},
    )
    return {int(row.about.removeprefix("cpli/")): row.is_one_diary for row in rows}


def add_one_diary(session: Session, about: str, who: str, *, is_one_diary: bool) -> None:
    """Say that this is monitored by total hours, or is not."""
    session.execute(
        text("INSERT INTO one_diaries (about, is_one_diary, set_by) VALUES (:about, :is_one_diary, :who)"),
        {"about": about, "is_one_diary": is_one_diary, "who": who},
    )
