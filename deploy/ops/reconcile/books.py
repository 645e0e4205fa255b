"""``reconcile``: everything worked out again from the visits and actuals up, and compared with what every service holds.

The only reader of all schemas, by the read-only role, in one REPEATABLE READ transaction. Commissioned care is
taken from matching, visits and actuals from ingest; matches, prices, items, deductions and charges are worked out from those two.
What can't be worked out or read is a line too, and all else is compared.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session, sessionmaker

from deploy.ops.reconcile.actuals import read_actuals
from deploy.ops.reconcile.debts import compare_debts
from deploy.ops.reconcile.differences import look_into
from deploy.ops.reconcile.holds import compare_holds, compare_portions
from deploy.ops.reconcile.invoices import compare_invoices
from deploy.ops.reconcile.matches import compare_matches, compare_merges, read_visits, work_out_matches
from deploy.ops.reconcile.measures import compare_measures
from deploy.ops.reconcile.money import (
    compare_claims,
    compare_closed_sums,
    compare_manual_adjustments,
    compare_money,
)
from deploy.ops.reconcile.one_offs import compare_one_offs
from deploy.ops.reconcile.unknown import Lines, attempt
from deploy.ops.reconcile.weeks import compare_weeks, work_out_prices
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.progress import (
    Missing,
    missing_by_cause,
    missing_of,
    progress_by_cause,
    progress_of,
)
from libs.common.operations.buried import reasons_of_discarded
from libs.common.process.database import RECONCILING, engine

SERVICES = ("ingest", "matching", "payments", "disputes")


def reconcile(database_url: str) -> dict[str, list[dict[str, Any]]]:
    """Every difference, and apart from them the work in flight (which may explain some)."""
    with _reading(database_url) as session:
        differences = list(compare(session))
        return {"differences": differences, "in_flight": in_flight(session)}


def find_discarded(database_url: str) -> list[dict[str, Any]]:
    """Which messages somebody decided not to have handled, and why: {"hearer", "why"}. They may explain a difference."""
    found = []
    with _reading(database_url) as session:
        for service in SERVICES:
            look_into(session, service)
            found += [{"hearer": service, "why": why} for why in reasons_of_discarded(session)]
    return found


@contextmanager
def _reading(database_url: str) -> Iterator[Session]:
    """One transaction of the reader."""
    reading = engine(database_url, None, patience=RECONCILING, isolation_level="REPEATABLE READ")
    try:
        with sessions_of(reading).begin() as session:
            session.execute(text("SET TRANSACTION READ ONLY"))
            yield session
    finally:
        reading.dispose()


def sessions_of(engine: Engine) -> sessionmaker[Session]:
    """Sessions of the reader."""
    return sessionmaker(engine, expire_on_commit=False)


def compare(session: Session) -> Iterator[dict[str, Any]]:
    """Visits, matches, merged clients, measures, weeks, items, deductions, charges, manual adjustments, claims, invoices, debts: as they should be,
    against as they are."""
    unknown: Lines = []
    visits = attempt(session, "visits", lambda s: read_visits(s, unknown), unknown) or {}
    matches = attempt(session, "matches", lambda s: work_out_matches(s, visits, unknown), unknown) or {}
    actuals = attempt(session, "actuals", lambda s: read_actuals(s, unknown), unknown) or {}
    prices = (
        attempt(session, "prices", lambda s: work_out_prices(s, visits, matches, actuals, unknown), unknown)
        or {}
    )
    comparisons: dict[str, Callable[[Session], Iterator[dict[str, Any]]]] = {
        "matches": lambda s: compare_matches(s, matches),
        "merged clients": compare_merges,
        "measures": compare_measures,
        "weeks": lambda s: compare_weeks(s, prices),
        "money": lambda s: compare_money(s, prices, unknown),
        "manual adjustments": compare_manual_adjustments,
        "claims": compare_claims,
        "one-offs": compare_one_offs,
        "invoices": compare_invoices,
        "debts": compare_debts,
        "portions": compare_portions,
        "holds": compare_holds,
        "closed sums": compare_closed_sums,
    }
    for what, found in comparisons.items():
        yield from attempt(session, what, lambda s, found=found: list(found(s)), unknown) or ()  # type: ignore[misc]
    yield from unknown


def in_flight(session: Session) -> list[dict[str, Any]]:
    """What was said and is not heard yet; what lies in the dead letters is named apart, as `dead`."""
    counts = {}
    for service in SERVICES:
        look_into(session, service)
        counts[service] = progress_of(session)._asdict()
    found = [missing._asdict() for missing in _missing(session, counts)]
    dead = [
        {"event": event, "hearer": service, "missing": 0, "dead": count}
        for service, count_of in counts.items()
        for event, count in count_of["dead"].items()
    ]
    return found + dead


def _missing(session: Session, counts: Mapping[str, Any]) -> list[Missing]:
    """Where a hearer has more of an event than was said, somebody sent it by hand: its causes are looked at one by one."""
    found = missing_of(counts)
    surplus = {one.event for one in found if one.missing < 0}
    kept = [one for one in found if one.event not in surplus]
    for event in sorted(surplus):
        by_cause = {}
        for service in SERVICES:
            look_into(session, service)
            by_cause[service] = progress_by_cause(session, event)
        lacks = (missing_by_cause(event, hearer, by_cause, by_cause) for hearer in HEARERS[event])
        kept += [one for one in lacks if one.missing]
    return kept
