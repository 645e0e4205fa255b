"""Queries of matching on commissioned care as it stands: its lock and versions, terms, plans, days of suspension."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from psycopg.errors import LockNotAvailable
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from libs.common.care.plans import plan_as_json
from libs.common.care.terms import Term
from libs.common.errors import Refused
from libs.common.seams.matching.events import SaidPlan
from libs.common.sql.columns import array_text
from services.matching.care.rules import Circumstance, self_suspensions, suspends_itself

CARE_LOCK = 1

NEWEST_CIRCUMSTANCES = "SELECT DISTINCT ON (circumstance_id) * FROM client_circumstances{where} ORDER BY circumstance_id, version DESC"


def lock_care(session: Session, *, exclusive: bool) -> None:
    """The care lock: exclusive to import care, shared to match, so that care stands still under a match."""
    kind = "" if exclusive else "_shared"
    session.execute(text(f"SELECT pg_advisory_xact_lock{kind}({CARE_LOCK})"))


def lock_care_soon(session: Session) -> None:
    """The care lock, exclusive, for somebody who waits before a page.

    Raises Refused ``in_flight`` when a care file is being imported and goes on for longer than two seconds.
    """
    session.execute(text("SET LOCAL lock_timeout = '2s'"))
    try:
        lock_care(session, exclusive=True)
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            sentence = "Care is being imported now: try again in a moment."
            raise Refused("in_flight", sentence) from None
        raise


def draw_versions(session: Session, count: int) -> list[int]:
    """``count`` new versions, ascending."""
    return list(session.scalars(text("SELECT nextval('version') FROM generate_series(1, :n)"), {"n": count}))


def plans_of(session: Session, cpli_ids: Collection[int]) -> dict[int, SaidPlan]:
    """The timetable and all days of suspension of these CPLIs, as ``care_changed`` says them."""
    rows = session.execute(
        text(
            "SELECT c.cpli_id, c.client_id::text, c.timetable, c.suspensions, s.contract"
            " FROM cplis c JOIN services s USING (service_id) WHERE c.cpli_id = ANY(CAST(:ids AS bigint[]))"
        ),
        {"ids": array_text(cpli_ids)},
    ).all()
    circumstances = circumstances_of(session, rows)
    return {row.cpli_id: plan_as_json(row.timetable, suspensions_of(row, circumstances)) for row in rows}


def circumstances_of(session: Session, rows: Iterable[Any]) -> Mapping[str, Sequence[Circumstance]]:
    """The circumstances of the clients whose care may suspend itself."""
    themselves = {row.client_id for row in rows if suspends_itself(row.contract)}
    return circumstances_of_clients(session, themselves) if themselves else {}


def suspensions_of(
    row: Any, circumstances: Mapping[str, Sequence[Circumstance]]
) -> tuple[tuple[dt.date, dt.date], ...]:
    """A CPLI's days of suspension: those that care says, and those of its client's circumstances."""
    of_client = circumstances.get(row.client_id, ())
    return (*map(_suspension, row.suspensions), *self_suspensions(row.contract, of_client))


def _suspension(row: Sequence[str]) -> tuple[dt.date, dt.date]:
    return dt.date.fromisoformat(row[0]), dt.date.fromisoformat(row[1])


def terms_of(session: Session, cpli_ids: Sequence[int]) -> dict[int, tuple[Term, ...]]:
    """The terms of these CPLIs, in order of their dates."""
    rows = session.execute(
        text(
            "SELECT cpli_id, effective_from, quantity, unit_cost, assessed_contribution, collected_by"
            " FROM cpli_terms WHERE cpli_id = ANY(CAST(:ids AS bigint[])) ORDER BY cpli_id, effective_from"
        ),
        {"ids": array_text(cpli_ids)},
    )
    terms: dict[int, tuple[Term, ...]] = defaultdict(tuple)
    for cpli_id, *facts in rows:
        terms[cpli_id] += (Term(*facts),)
    return terms


def facts_of_cplis(session: Session, cpli_ids: Collection[int]) -> dict[int, tuple[str, str, int]]:
    """Client, organisation and terms version of these CPLIs."""
    rows = session.execute(
        text(
            "SELECT cpli_id, client_id::text, organisation_id::text, version FROM cplis WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"
        ),
        {"ids": array_text(cpli_ids)},
    )
    return {cpli_id: (client, organisation, version) for cpli_id, client, organisation, version in rows}


def circumstances_of_clients(session: Session, client_ids: Collection[str]) -> dict[str, list[Circumstance]]:
    """The circumstances of these clients that stand, by client."""
    newest = NEWEST_CIRCUMSTANCES.format(where=" WHERE client_id = ANY(CAST(:ids AS uuid[]))")
    rows = session.execute(
        text(f"SELECT client_id::text, kind, from_on, to_on FROM ({newest}) c WHERE NOT withdrawn"),
        {"ids": array_text(client_ids)},
    )
    found: dict[str, list[Circumstance]] = defaultdict(list)
    for client_id, *facts in rows:
        found[client_id].append(Circumstance(*facts))
    return found
