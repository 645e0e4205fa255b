"""Measures of a quarter of a large council: worked out from the visits, measured by the worker, and out of what is kept."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import psycopg
from sqlalchemy.orm import Session

from deploy.dev.bench.servers import PASSWORDS, Servers
from deploy.ops.bootstrap import bootstrap
from deploy.ops.roles import role_url
from libs.common.process import database
from libs.common.rpc import Caller
from services.matching.measures import store, views
from services.matching.measures.counting import measured_from_visits
from services.matching.measures.remeasuring import remeasure
from services.matching.measures.thresholds import by_day
from services.matching.under_delivery import views as under_delivery_views

ORGANISATIONS = 60
WEEKS = 13
FIRST, LAST = dt.date(2022, 7, 4), dt.date(2022, 10, 2)
NOW = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
OFFICER: Caller = {"who": "the benchmark", "role": "council", "organisation": None}
TIMES = 5

FILL = """
CREATE TEMPORARY TABLE clients_made AS SELECT k, md5('client ' || k)::uuid AS client_id, k % {organisations} AS o,
    md5('organisation ' || k % {organisations})::uuid AS organisation_id FROM generate_series(1, {clients}) k;
INSERT INTO organisations (organisation_id, name, folded_name, version)
    SELECT DISTINCT organisation_id, 'Provider ' || o, 'provider ' || o, 1 FROM clients_made;
INSERT INTO services (service_id, organisation_id, name, folded_name, contract, version)
    SELECT organisation_id, organisation_id, 'Care ' || o, 'care ' || o, 'DAPL', 1
    FROM (SELECT DISTINCT organisation_id, o FROM clients_made) s;
INSERT INTO cplis (cpli_id, version, client_id, organisation_id, service_id, service_level, start_on, unit, frequency,
    pricing, payment_method, authorised, timetable, suspensions)
    SELECT k, 1, client_id, organisation_id, organisation_id, 'personal care', '2022-01-03', 'Hr', 'Weekly', '', 'Visits',
    true, (SELECT jsonb_agg(jsonb_build_array(d, s, s + 1800 + 900 * (k % 4)))
        FROM generate_series(0, 6) d, unnest(ARRAY[32400, 64800]) s), '[]' FROM clients_made;
INSERT INTO cpli_terms (cpli_id, effective_from, quantity, unit_cost, collected_by)
    SELECT k, '0001-01-01', round(14 * (1800 + 900 * (k % 4)) / 3600.0, 2), 20, 'Council' FROM clients_made;
INSERT INTO visits (organisation_id, visit_ref, version, deleted, identifier, client_id, service_ref, service_name,
    service_level, written_service, written_level, visit_type, planned_on, monday, planned_entry, planned_exit,
    delivered_seconds, delivered_entry, entry_overridden, exit_overridden, carer_ref, cpli_id)
    SELECT organisation_id, concat_ws('-', k, w, d, s), 1, false, 'S:' || k, client_id, '', '', 'personal care', '',
    'Personal Care', CASE WHEN n % 40 = 0 THEN 'C' WHEN n % 50 = 0 THEN 'H' ELSE 'DHS' END,
    DATE '2022-07-04' + 7 * w + d, DATE '2022-07-04' + 7 * w, s, s + 1800 + 900 * (k % 4),
    CASE WHEN n % 40 = 0 OR n % 50 = 0 THEN NULL ELSE 900 + 900 * (k % 4) + n % 1200 END,
    CASE WHEN n % 40 = 0 OR n % 50 = 0 THEN NULL ELSE s - 600 + n * 37 % 2400 END, n % 20 = 0, false,
    'CARER' || o || '-' || (k * 7 + w * 3 + n % 5) % 12, k
    FROM (SELECT *, k * 7919 + w * 104729 + d * 1299 + s AS n FROM clients_made, generate_series(0, {weeks} - 1) w,
        generate_series(0, 6) d, unnest(ARRAY[32400, 64800]) s ORDER BY w, o, k) v;
INSERT INTO stale_weeks (organisation_id, monday) SELECT DISTINCT organisation_id, monday FROM visits;
"""
"""A client has two calls a day from one of sixty providers, by one of twelve carers."""


def measured(running: Servers, clients: int) -> dict[str, Any]:
    """Seconds of each way to ask, and of measuring all stale weeks once."""
    admin_url = running.a_database()
    bootstrap(admin_url, PASSWORDS)
    fill(admin_url, clients)
    with sessions_of(admin_url, "rpc") as asking, sessions_of(admin_url, "work") as working:
        visits, from_visits = asking_all(asking, admin_url)
        found: dict[str, Any] = {"visits": visits, "from_visits": from_visits}
        found["under_delivery_from_visits"] = timed(asking, all_under_delivery, 1)
        found |= remeasuring(working)
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        day = dt.timedelta(days=1)
        found["quarter"] = timed(asking, lambda s: all_measures(s, FIRST, LAST))
        found["quarter_of_part_weeks"] = timed(
            asking, lambda s: all_measures(s, FIRST + 4 * day, LAST - 3 * day)
        )
        found["week"] = timed(asking, lambda s: all_measures(s, FIRST, FIRST + 6 * day))
        found["quarter_of_one"] = timed(asking, lambda s: all_measures(s, FIRST, LAST, "Provider 1"))
        found["quarter_of_area"] = timed(
            asking, lambda s: views.area_measures(s, OFFICER, NOW, first=FIRST, last=LAST)
        )
        found["under_delivery"] = timed(asking, all_under_delivery)
        with psycopg.connect(admin_url, autocommit=True) as connection:
            connection.execute(
                "INSERT INTO matching.stale_weeks (organisation_id, monday)"
                " SELECT organisation_id, '2022-08-01' FROM matching.organisations LIMIT 3"
            )
        found["quarter_with_three_stale_weeks"] = timed(asking, lambda s: all_measures(s, FIRST, LAST))
    return found


def fill(admin_url: str, clients: int) -> None:
    """A quarter of visits, all matched, delivered more or less as planned."""
    with psycopg.connect(admin_url) as connection:
        connection.execute("SET search_path TO matching")
        statements = FILL.format(clients=clients, organisations=ORGANISATIONS, weeks=WEEKS)
        for statement in statements.split(";\n"):
            connection.execute(statement.encode())
    with psycopg.connect(admin_url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def sessions_of(admin_url: str, role: str) -> Iterator[database.Sessions]:
    """Sessions of one of matching's two roles."""
    engine = database.engine(role_url(admin_url, f"matching_{role}", PASSWORDS), "matching")
    try:
        yield database.sessions(engine, "matching")
    finally:
        engine.dispose()


def asking_all(sessions: database.Sessions, admin_url: str) -> tuple[int, float]:
    """How many visits there are, and the seconds of the quarter of all of them, as if nothing were kept."""
    with psycopg.connect(admin_url) as connection:
        (visits,) = connection.execute("SELECT count(*) FROM matching.visits").fetchone() or (0,)

    def ask(session: Session) -> None:
        thresholds_on = by_day(store.thresholds(session))
        for one, _ in store.organisations_after(session, None, None):
            measured_from_visits(session, one, FIRST, LAST, thresholds_on)

    return visits, timed(sessions, ask, 1)


def all_measures(session: Session, first: dt.date, last: dt.date, organisation: str | None = None) -> None:
    """Measures over a span, answer by answer."""
    after: str | None = None
    while True:
        page = views.measures(
            session,
            OFFICER,
            NOW,
            first=first,
            last=last,
            organisation=organisation,
            after=uuid.UUID(after) if after else None,
        )
        after = page["after"]
        if after is None:
            return


def all_under_delivery(session: Session) -> None:
    """Under-delivery of all, answer by answer."""
    after: str | None = None
    now = dt.datetime(2022, 10, 3, 12, tzinfo=dt.UTC)
    while True:
        page = under_delivery_views.under_delivery(
            session, OFFICER, now, organisation=None, after=uuid.UUID(after) if after else None
        )
        after = page["after"]
        if after is None:
            return


def timed(sessions: database.Sessions, ask: Callable[[Session], object], times: int = TIMES) -> float:
    """The median seconds of asking in a transaction as the council."""
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        with database.transaction(sessions, OFFICER) as session:
            ask(session)
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def remeasuring(sessions: database.Sessions) -> dict[str, float]:
    """The seconds of measuring all that is stale, and of the longest transaction of it."""
    seconds = []
    while True:
        began = time.perf_counter()
        with sessions.begin() as session:
            weeks = remeasure(session, NOW)
        seconds.append(time.perf_counter() - began)
        if not weeks:
            return {"remeasuring": sum(seconds), "longest_remeasuring": max(seconds)}
