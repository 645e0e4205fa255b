"""Queries of payments on periods, on what was posted in them, and on the books as a whole."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.pricing.rules import Periods

NOTHING = Decimal("0.00")
EMPTY_TOTALS = {
    **dict.fromkeys(("payable", "non_payable", "deductions", "total", "charges"), "0.00"),
    "items": 0,
}


TOTALS = """
    SELECT period_start, sum(payable), sum(non_payable), sum(deductions), sum(items) FROM (
        SELECT period_start, contract, organisation_id, payable, non_payable, deductions, items
        FROM closed_sums WHERE period_start <= :closed
        UNION ALL
        SELECT period_start, contract, organisation_id,
            CASE WHEN status = 'payable' AND series <> 'income' THEN amount END,
            CASE WHEN status <> 'payable' THEN amount END,
            CASE WHEN status = 'payable' AND series = 'income' THEN amount END, posted
        FROM item_lines WHERE period_start > :closed
    ) t WHERE (CAST(:contract AS text) IS NULL OR contract = :contract)
    AND (CAST(:organisation AS uuid) IS NULL OR organisation_id = CAST(:organisation AS uuid))
    GROUP BY period_start
"""
CHARGES = """
    SELECT period_start, amount FROM closed_charges WHERE period_start <= :closed
    UNION ALL SELECT period_start, sum(amount) FROM charges WHERE period_start > :closed GROUP BY period_start
"""
KEEP_SUMS = """
    INSERT INTO closed_sums (period_start, contract, organisation_id, payable, deductions, non_payable, items)
    SELECT period_start, contract, organisation_id,
        coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series <> 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE status = 'payable' AND series = 'income'), 0),
        coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0), sum(posted)
    FROM item_lines WHERE period_start > :after AND period_start <= :through GROUP BY 1, 2, 3
"""
KEEP_CHARGES = """
    INSERT INTO closed_charges (period_start, amount) SELECT period_start, sum(amount) FROM charges
    WHERE period_start > :after AND period_start <= :through GROUP BY 1
"""


def totals_by_period(
    session: Session, contract: str | None, organisation_id: str | None, closed: dt.date | None
) -> dict[dt.date, dict[str, Any]]:
    """What each period holds (of a contract, or of all): pounds as text, and how many items were posted into it.

    ``payable`` is cost before deductions, ``total`` what is paid: payable with the deductions; ``non_payable`` is held,
    costs and deductions. The books' payable (RULES 7) is cost before deductions, held or not.
    closed: the last period that is finalised for all; until then the sums are kept. Charges are a client's, of no
    contract, and of no organisation: they are left out of what one is asked.
    """
    closed = closed or dt.date.min
    rows = session.execute(
        text(TOTALS), {"contract": contract, "organisation": organisation_id, "closed": closed}
    )
    totals = {}
    for start, *sums, count in rows:
        payable, non_payable, deductions = (str(amount or NOTHING) for amount in sums)
        totals[start] = EMPTY_TOTALS | {
            "payable": payable,
            "non_payable": non_payable,
            "deductions": deductions,
            "total": str(Decimal(payable) + Decimal(deductions)),
            "items": int(count),
        }
    if organisation_id is None:
        for start, charges in session.execute(text(CHARGES), {"closed": closed}):
            totals[start] = totals.get(start, EMPTY_TOTALS) | {"charges": str(charges)}
    return totals


def keep_sums(session: Session, after: dt.date | None, through: dt.date) -> None:
    """Keep what periods hold that were finalised for all just now: they keep their totals for good."""
    span = {"after": after or dt.date.min, "through": through}
    for statement in (KEEP_SUMS, KEEP_CHARGES):
        session.execute(text(statement), span)


def contracts(session: Session) -> list[str]:
    """The contracts that packages are under."""
    return list(session.scalars(text("SELECT DISTINCT contract FROM packages ORDER BY contract")))


def earliest_open_with_items(session: Session, periods: Periods, contract: str | None) -> dt.date | None:
    """The earliest period that holds items of the contract (None: of any that is open) and is not finalised."""
    rows = session.execute(
        text(
            "SELECT contract, period_start FROM item_lines GROUP BY contract, period_start ORDER BY period_start"
        )
    )
    for of_contract, start in rows:
        if contract in (None, of_contract):
            through = periods.through(of_contract)
            if through is None or start > through:
                found: dt.date = start
                return found
    return None


def finalise(session: Session, start: dt.date, contract: str | None, who: str) -> None:
    """Note that a period, and with it every earlier one, is finalised."""
    session.execute(
        text(
            "INSERT INTO finalisations (contract, period_start, finalised_by) VALUES (:contract, :start, :who)"
            " ON CONFLICT DO NOTHING"
        ),
        {"contract": contract or "", "start": start, "who": who},
    )


def totals_by_organisation(session: Session, start: dt.date, contract: str | None) -> list[dict[str, Any]]:
    """What a period holds for each organisation: items and pounds posted into it, payable and not, deductions included."""
    rows = session.execute(
        text(
            "SELECT organisation_id::text, sum(posted) AS items,"
            " coalesce(sum(amount) FILTER (WHERE posted = 1), 0)::numeric(20, 2) AS posted,"
            " coalesce(sum(amount) FILTER (WHERE status = 'payable'), 0)::numeric(20, 2) AS payable,"
            " coalesce(sum(amount) FILTER (WHERE status <> 'payable'), 0)::numeric(20, 2) AS non_payable FROM item_lines"
            " WHERE period_start = :start AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
            " GROUP BY organisation_id ORDER BY organisation_id"
        ),
        {"start": start, "contract": contract},
    )
    return [dict(row) for row in rows.mappings()]


def sums_after(session: Session, start: dt.date | None) -> Sequence[Any]:
    """What is payable of each organisation, period and contract, of the periods after ``start`` (None: of all)."""
    return session.execute(
        text(
            "SELECT l.organisation_id::text, coalesce(max(o.name), '') AS name, l.period_start AS start,"
            " l.contract, count(*) AS items,"
            " coalesce(sum(l.amount) FILTER (WHERE l.series <> 'income'), 0)::numeric(20, 2) AS cost,"
            " coalesce(sum(l.amount) FILTER (WHERE l.series = 'income'), 0)::numeric(20, 2) AS deductions"
            " FROM (SELECT organisation_id, period_start, contract, series, item_id, sum(amount) AS amount"
            "  FROM item_lines WHERE period_start > :start AND status = 'payable'"
            "  GROUP BY 1, 2, 3, 4, 5 HAVING sum(amount) <> 0) l"
            " LEFT JOIN organisations o USING (organisation_id)"
            " GROUP BY l.organisation_id, l.period_start, l.contract ORDER BY 1, 3, 4"
        ),
        {"start": start or dt.date.min},
    ).all()


def organisations(session: Session) -> list[tuple[str, str]]:
    """Ids and names of all organisations."""
    return [(one, name) for one, name, _ in names_of_organisations(session)]


def names_of_organisations(session: Session) -> list[tuple[str, str, list[str]]]:
    """Id, name and former names (folded) of all organisations."""
    rows = session.execute(text("SELECT organisation_id::text, name, former_names FROM organisations"))
    return [(one, name, former) for one, name, former in rows]


def weeks_in_money(session: Session, *, after: tuple[int, dt.date], limit: int) -> list[list[Any]]:
    """A page of priced weeks with at least one visit: CPLI, Monday, seconds paid and frustrated, and their costs."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday::text, delivered_seconds, frustrated_seconds, actual::text, frustrated::text"
            " FROM weeks WHERE (cpli_id, monday) > (:cpli, :monday) AND priced AND jsonb_array_length(visits) > 0"
            " ORDER BY cpli_id, monday LIMIT :limit"
        ),
        {"cpli": after[0], "monday": after[1], "limit": limit},
    )
    return [list(row) for row in rows]


def totals(session: Session) -> dict[str, Any]:
    """All that was ever posted: payable by organisation (before deductions), in all, and charged to clients.

    One-off payments are payable too. An organisation whose visits have all gone, and whose money was taken back, is not listed any more.
    """
    rows = session.execute(
        text(
            "SELECT coalesce(o.name, t.organisation_id::text), t.amount::numeric(20, 2)::text FROM ("
            " SELECT organisation_id, sum(amount) AS amount FROM ("
            "  SELECT organisation_id, amount, false AS is_week FROM items WHERE series IN ('cost', 'one_off') UNION ALL"
            "  SELECT p.organisation_id, 0, true FROM weeks w JOIN packages p USING (cpli_id)"
            "  WHERE w.priced AND jsonb_array_length(w.visits) > 0) parts"
            "  GROUP BY organisation_id HAVING bool_or(is_week) OR sum(amount) <> 0) t"
            " LEFT JOIN organisations o ON o.organisation_id = t.organisation_id ORDER BY 1"
        )
    )
    payable: dict[str, str] = {row[0]: row[1] for row in rows}
    charges = session.scalar(text("SELECT coalesce(sum(amount), 0)::numeric(20, 2)::text FROM charges"))
    total = sum(map(Decimal, payable.values()), NOTHING)
    return {"payable": payable, "total_payable": str(total), "total_charges": charges}
