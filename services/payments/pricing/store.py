"""Queries of payments on weeks in money. Set-based: one statement a step."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.payments.packages import store_merges
from services.payments.pay_rules.rules import Step
from services.payments.pricing.rules import ClientWeek, CpliWeek, Delivered, Price, PricedWeek

WEEK_COLUMNS = {
    "cpli_id": "bigint",
    "monday": "date",
    "version": "bigint",
    "terms_version": "bigint",
    "organisation_id": "uuid",
    "visits": "jsonb",
    "lines": "jsonb",
}
HAS_CARE = "(lines IS NOT NULL OR jsonb_array_length(visits) > 0)"
"""Of a week: whether anything was delivered, or saved as not delivered; else it became empty. As in its index."""

PRICE_COLUMNS = {
    "priced": "boolean",
    "delivered_seconds": "bigint",
    "frustrated_seconds": "bigint",
    "actual": "numeric",
    "frustrated": "numeric",
    "charged": "numeric",
    "parts": "jsonb",
    "steps": "jsonb",
}


def keep_newest_weeks(session: Session, columns: Mapping[str, list[Any]]) -> set[CpliWeek]:
    """Store the weeks of a message that are newer than what is known; answers which these are.

    A week that can't be priced yet keeps the price it had.
    """
    kinds = WEEK_COLUMNS | PRICE_COLUMNS
    arrays = ", ".join(f"CAST(:{name} AS {kind}[])" for name, kind in kinds.items())
    facts = [f"{name} = excluded.{name}" for name in WEEK_COLUMNS]
    prices = [
        f"{name} = CASE WHEN excluded.priced THEN excluded.{name} ELSE weeks.{name} END"
        for name in PRICE_COLUMNS
    ]
    rows = session.execute(
        text(
            f"INSERT INTO weeks ({', '.join(kinds)}) SELECT * FROM unnest({arrays})"
            f" ON CONFLICT (cpli_id, monday) DO UPDATE SET {', '.join(facts + prices)}"
            " WHERE weeks.version < excluded.version RETURNING cpli_id, monday"
        ),
        {name: array_text(column) for name, column in columns.items()},
    )
    return {(cpli_id, monday) for cpli_id, monday in rows.all()}


def weeks_of_cplis(session: Session, cpli_ids: Collection[int]) -> set[CpliWeek]:
    """All weeks of these CPLIs."""
    rows = session.execute(
        text("SELECT cpli_id, monday FROM weeks WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"),
        {"ids": array_text(cpli_ids)},
    )
    return {(cpli_id, monday) for cpli_id, monday in rows.all()}


def mondays_of_clients(session: Session, client_ids: Collection[str]) -> set[ClientWeek]:
    """Every client-week of these clients that has a week, a charge or a line of an invoice.

    Charges of who was merged into one are its own.
    """
    merged = store_merges.merged_into(session, client_ids)
    rows = session.execute(
        text(
            "SELECT p.client_id::text, w.monday FROM weeks w JOIN packages p USING (cpli_id)"
            " WHERE p.client_id = ANY(CAST(:ids AS uuid[])) UNION"
            " SELECT p.client_id::text, l.monday FROM invoice_lines l JOIN packages p USING (cpli_id)"
            " WHERE p.client_id = ANY(CAST(:ids AS uuid[])) UNION"
            " SELECT client_id::text, monday FROM charges WHERE client_id = ANY(CAST(:charged AS uuid[]))"
        ),
        {"ids": array_text(client_ids), "charged": array_text({*client_ids, *merged})},
    )
    return {(merged.get(client_id, client_id), monday) for client_id, monday in rows.all()}


def weeks_to_price(session: Session, cpli_weeks: Collection[CpliWeek]) -> dict[CpliWeek, Delivered]:
    """What was delivered in these weeks whose terms have arrived. The packages' locks are held."""
    rows = session.execute(
        text(
            "SELECT w.cpli_id, w.monday, w.visits, w.lines FROM weeks w JOIN packages p USING (cpli_id)"
            " WHERE w.terms_version <= p.version AND (w.cpli_id, w.monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
        ),
        pairs_of("cplis", cpli_weeks),
    )
    return {(row[0], row[1]): Delivered(row[2], row[3]) for row in rows.all()}


def save_prices(session: Session, prices: Mapping[CpliWeek, Price]) -> None:
    """Write what these weeks cost."""
    session.execute(
        text(
            "UPDATE weeks w SET priced = true, delivered_seconds = n.delivered_seconds,"
            " frustrated_seconds = n.frustrated_seconds, actual = n.actual, frustrated = n.frustrated,"
            " charged = n.charged, parts = n.parts, steps = n.steps FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]),"
            " CAST(:delivered AS bigint[]), CAST(:frustrated_s AS bigint[]), CAST(:actual AS numeric[]),"
            " CAST(:frustrated AS numeric[]), CAST(:charged AS numeric[]), CAST(:parts AS jsonb[]),"
            " CAST(:steps AS jsonb[])) AS n (cpli_id, monday, delivered_seconds, frustrated_seconds, actual,"
            " frustrated, charged, parts, steps)"
            " WHERE w.cpli_id = n.cpli_id AND w.monday = n.monday"
        ),
        pairs_of("cplis", prices)
        | {
            "delivered": array_text(p.delivered_seconds for p in prices.values()),
            "frustrated_s": array_text(p.frustrated_seconds for p in prices.values()),
            "actual": array_text(p.actual for p in prices.values()),
            "frustrated": array_text(p.frustrated for p in prices.values()),
            "charged": array_text(p.charged for p in prices.values()),
            "parts": array_text(parts_text(p) for p in prices.values()),
            "steps": array_text(steps_text(p) for p in prices.values()),
        },
    )


def priced_weeks(session: Session, client_weeks: Collection[ClientWeek]) -> dict[CpliWeek, PricedWeek]:
    """All priced CPLI-weeks of these clients' weeks."""
    rows = session.execute(
        text(
            "SELECT w.cpli_id, w.monday, w.version, p.client_id::text, w.delivered_seconds, w.frustrated_seconds,"
            " w.actual, w.frustrated, w.charged, w.parts, w.steps FROM weeks w JOIN packages p USING (cpli_id)"
            " WHERE w.priced AND (p.client_id, w.monday) IN"
            " (SELECT * FROM unnest(CAST(:clients AS uuid[]), CAST(:mondays AS date[])))"
        ),
        pairs_of("clients", client_weeks),
    )
    return {
        (r[0], r[1]): PricedWeek(
            r[0], r[1], r[2], r[3], Price(r[4], r[5], r[6], r[7], r[8], parts_of(r[9]), *steps_of(r[10]))
        )
        for r in rows
    }


def parts_text(price: Price) -> str:
    """A price's parts as they are stored: JSON."""
    return json.dumps(
        [
            [basis, str(rate), str(seconds) if isinstance(seconds, Fraction) else seconds]
            for basis, rate, seconds in price.parts
        ]
    )


def parts_of(stored: Sequence[Sequence[Any]]) -> tuple[tuple[str, Decimal, int | Fraction], ...]:
    """A price's parts from what is stored; parts of a second are written as 31500/7."""
    return tuple(
        (basis, Decimal(rate), Fraction(seconds) if isinstance(seconds, str) else seconds)
        for basis, rate, seconds in stored
    )


def steps_text(price: Price) -> str | None:
    """What pay rules changed in a week as it is stored: JSON; None where they changed nothing."""
    if not price.steps:
        return None
    first = [[ref, step.rule, str(step.before), str(step.after), step.by] for ref, step in price.steps]
    return json.dumps({"in_all": price.steps_in_all, "first": first})


def steps_of(stored: Mapping[str, Any] | None) -> tuple[tuple[tuple[str, Step], ...], int]:
    """A price's steps from what is stored, and how many there are in all."""
    if stored is None:
        return (), 0
    steps = tuple(
        (ref, Step(rule, Decimal(before), Decimal(after), by))
        for ref, rule, before, after, by in stored["first"]
    )
    return steps, stored["in_all"]


def pairs_of(name: str, pairs: Iterable[tuple[Any, dt.date]]) -> dict[str, str]:
    """Pairs of a key and a Monday as two columns; the first is called `name`."""
    listed = list(pairs)
    return {name: array_text(key for key, _ in listed), "mondays": array_text(monday for _, monday in listed)}


def weeks_with_visits(session: Session, cpli_weeks: Sequence[CpliWeek]) -> dict[CpliWeek, dict[str, Any]]:
    """These weeks in money, with their visits, as far as they are priced."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, organisation_id::text, visits, delivered_seconds, frustrated_seconds, actual,"
            " frustrated FROM weeks WHERE priced AND (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
        ),
        {"cplis": [one for one, _ in cpli_weeks], "mondays": [monday for _, monday in cpli_weeks]},
    )
    return {(row["cpli_id"], row["monday"]): dict(row) for row in rows.mappings()}
