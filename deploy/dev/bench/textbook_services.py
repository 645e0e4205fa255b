"""Three small services as nameko's documentation shows them: an event handler does its work in one transaction.

A visit is stored, then matched, then priced; each step says an event for the next.
`python -m deploy.dev.bench.textbook_services SERVICE` runs one, with DATABASE_URL and AMQP_URL.
"""

from __future__ import annotations

import os
import sys

TABLES = """
CREATE TABLE visits (organisation text, visit_ref text, ssref text, service_level text, planned_on date,
                     planned_seconds bigint, delivered_seconds bigint, PRIMARY KEY (organisation, visit_ref));
CREATE TABLE matches (organisation text, visit_ref text, cpli_id bigint, PRIMARY KEY (organisation, visit_ref));
CREATE TABLE items (organisation text, visit_ref text, amount numeric, PRIMARY KEY (organisation, visit_ref))
"""
STORE = "INSERT INTO visits VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
MATCH = """INSERT INTO matches SELECT v.organisation, v.visit_ref, max(c.cpli_id) FROM visits v LEFT JOIN cplis c
    ON c.ssref = v.ssref AND c.service_level = v.service_level AND v.planned_on >= c.start_on
    AND (c.end_on IS NULL OR v.planned_on <= c.end_on)
    WHERE v.organisation = %s AND v.visit_ref = %s GROUP BY 1, 2 ON CONFLICT DO NOTHING"""
PRICE = """INSERT INTO items SELECT m.organisation, m.visit_ref,
    round(coalesce(v.delivered_seconds, v.planned_seconds) * c.unit_cost / 3600, 2)
    FROM matches m JOIN visits v USING (organisation, visit_ref) LEFT JOIN cplis c USING (cpli_id)
    WHERE m.organisation = %s AND m.visit_ref = %s ON CONFLICT DO NOTHING"""
HEARS = {
    "ingest": ("bench", "visit_sent"),
    "matching": ("ingest", "visit_stored"),
    "payments": ("matching", "visit_matched"),
}


def queue_of(service: str) -> str:
    """The queue that nameko makes for the service's handler."""
    source, event = HEARS[service]
    return f"evt-{source}-{event}--{service}.on_{event}"


def serve(service: str) -> None:
    """Run one service until it is told to end. Everything is imported after eventlet has patched."""
    import eventlet

    eventlet.monkey_patch()
    os.environ["PSYCOPG_WAIT_FUNC"] = "wait_selector"

    import psycopg
    from nameko.events import EventDispatcher, event_handler
    from nameko.runners import ServiceRunner

    database = psycopg.connect(os.environ["DATABASE_URL"])

    def in_a_transaction(statement: str, values: list[object]) -> None:
        with database.transaction():
            database.execute(statement.encode(), values)

    class Ingest:
        name = "ingest"
        dispatch = EventDispatcher()

        @event_handler("bench", "visit_sent")
        def on_visit_sent(self, visit: list[object]) -> None:
            in_a_transaction(STORE, visit)
            self.dispatch("visit_stored", visit[:2])

    class Matching:
        name = "matching"
        dispatch = EventDispatcher()

        @event_handler("ingest", "visit_stored")
        def on_visit_stored(self, visit: list[object]) -> None:
            in_a_transaction(MATCH, visit)
            self.dispatch("visit_matched", visit)

    class Payments:
        name = "payments"
        dispatch = EventDispatcher()

        @event_handler("matching", "visit_matched")
        def on_visit_matched(self, visit: list[object]) -> None:
            in_a_transaction(PRICE, visit)
            self.dispatch("item_posted", visit)

    runner = ServiceRunner({"AMQP_URI": os.environ["AMQP_URL"], "max_workers": 1})
    runner.add_service({"ingest": Ingest, "matching": Matching, "payments": Payments}[service])
    runner.start()
    runner.wait()


if __name__ == "__main__":
    serve(sys.argv[1])
