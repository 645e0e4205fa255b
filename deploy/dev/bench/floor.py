"""The floor: the same work with no rules at all, in one process, as fast as these servers take it.

Read the files, COPY the visits into an indexed table, one join to the care, one item a CPLI and week, and a
persistent, confirmed message for each item. A second form also keeps a match row for each visit.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

import pika
import psycopg

from deploy.dev.bench.council import MadeCouncil, VisitsFile, rows_of
from deploy.dev.bench.measure import Stopwatch, cpu_of, difference
from deploy.dev.bench.servers import Servers
from libs.common.files.values import parse_date, parse_time
from libs.common.messaging.amqp import a_channel
from libs.common.messaging.publisher import Publisher, Sending

QUEUE = "floor.items"
COLUMNS = "organisation, visit_ref, ssref, service_level, planned_on, planned_seconds, delivered_seconds"
CPLIS = """
CREATE TABLE cplis (cpli_id bigint PRIMARY KEY, ssref text, service_level text, start_on date, end_on date,
                    unit_cost numeric);
CREATE INDEX ON cplis (ssref, service_level)
"""
TABLES = """
CREATE TABLE visits (organisation text, visit_ref text, ssref text, service_level text, planned_on date,
                     planned_seconds bigint, delivered_seconds bigint);
CREATE UNIQUE INDEX ON visits (organisation, visit_ref);
CREATE INDEX ON visits (ssref, planned_on);
CREATE TABLE matches (organisation text, visit_ref text, cpli_id bigint, PRIMARY KEY (organisation, visit_ref));
CREATE TABLE items (cpli_id bigint, monday date, amount numeric, PRIMARY KEY (cpli_id, monday))
"""
JOINED = """visits v JOIN cplis c ON c.ssref = v.ssref AND c.service_level = v.service_level
    AND v.planned_on >= c.start_on AND (c.end_on IS NULL OR v.planned_on <= c.end_on)"""
PRICED = """date_trunc('week', v.planned_on)::date,
    round(sum(coalesce(v.delivered_seconds, v.planned_seconds)) * max(c.unit_cost) / 3600, 2)"""
ITEMS = f"INSERT INTO items SELECT c.cpli_id, {PRICED} FROM {JOINED} GROUP BY 1, 2 RETURNING *"
MATCHES = f"""INSERT INTO matches SELECT DISTINCT ON (v.organisation, v.visit_ref) v.organisation, v.visit_ref, c.cpli_id
    FROM {JOINED} ORDER BY 1, 2, 3"""
ITEMS_OF_MATCHES = f"""INSERT INTO items SELECT c.cpli_id, {PRICED}
    FROM matches m JOIN visits v USING (organisation, visit_ref) JOIN cplis c USING (cpli_id) GROUP BY 1, 2 RETURNING *"""


def floor(servers: Servers, council: MadeCouncil, *, keeps_matches: bool) -> dict[str, Any]:
    """Seconds of each part and processor seconds; care is loaded before the clock starts, as in the pipeline."""
    files = council.visits()
    watch = Stopwatch()
    amqp_url = servers.a_vhost()
    with a_channel(amqp_url, "floor declares") as channel:
        channel.queue_declare(QUEUE, durable=True, arguments={"x-queue-type": "quorum"})
    publisher = Publisher(amqp_url, "floor")
    with psycopg.connect(servers.a_database(), autocommit=True) as database:
        database.execute(CPLIS)
        database.execute(TABLES)
        load_care(database, council)
        before = cpu_of(servers.pids)
        with watch.part("read"):
            visits = [visit for file in files for visit in visits_of(file)]
        with watch.part("copy"), database.transaction():
            _copy(database, f"COPY visits ({COLUMNS}) FROM STDIN", visits)
        with watch.part("match, price, insert"), database.transaction():
            if keeps_matches:
                database.execute(MATCHES)
            items = database.execute(ITEMS_OF_MATCHES if keeps_matches else ITEMS).fetchall()
        with watch.part("publish"):
            publisher.publish([_sending(number, item) for number, item in enumerate(items)])
    spent = difference(cpu_of(servers.pids), before)
    publisher.close()
    return {"parts": watch.seconds, "seconds": sum(watch.seconds.values()), "cpu_seconds": spent}


def load_care(database: psycopg.Connection[Any], council: MadeCouncil) -> None:
    """The CPLIs, and what the planner wants to know of them."""
    names = ("CpliId", "SSRef", "ServiceLevel", "StartDate", "EndDate", "UnitCost")
    care = [[row[name] for name in names] for row in rows_of(council.care.read_bytes())]
    _copy(database, "COPY cplis FROM STDIN", [[*map(_as_column, names, row)] for row in care])
    database.execute("ANALYZE cplis")


def _as_column(name: str, text: str) -> Any:
    return (parse_date(text) if text else None) if name.endswith("Date") else text


def _copy(database: psycopg.Connection[Any], statement: str, rows: Iterable[Sequence[Any]]) -> None:
    with database.cursor() as cursor, cursor.copy(statement.encode()) as copy:
        for row in rows:
            copy.write_row(row)


def visits_of(file: VisitsFile) -> list[tuple[Any, ...]]:
    """The visits that have a date and times."""
    rows = csv.reader(io.StringIO(file.content.decode()))
    place = {name: index for index, name in enumerate(next(rows))}
    ref, ssref, level = place["VisitRef"], place["SSRef"], place["ServiceLevel"]
    on, entry, exit_ = place["PlannedVisitDate"], place["PlannedEntryTime"], place["PlannedExitTime"]
    delivered_entry, delivered_exit = place["DeliveredEntryTime"], place["DeliveredExitTime"]
    visits = []
    for row in rows:
        planned = _seconds(row[entry], row[exit_])
        day = parse_date(row[on])
        if day is not None and planned is not None:
            delivered = _seconds(row[delivered_entry], row[delivered_exit])
            visits.append((file.organisation, row[ref], row[ssref], row[level], day, planned, delivered))
    return visits


def _seconds(entry: str, exit_: str) -> int | None:
    begin, end = parse_time(entry), parse_time(exit_)
    return None if begin is None or end is None else (end - begin) % 86_400


def _sending(number: int, item: tuple[Any, ...]) -> Sending:
    cpli_id, monday, amount = item
    body = json.dumps({"cpli_id": cpli_id, "week": monday.isoformat(), "amount": str(amount)}).encode()
    properties = pika.BasicProperties(
        content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent, message_id=str(number)
    )
    return Sending(number, "", QUEUE, properties, body, mandatory=True)
