"""Queries of payments on periods, on what was posted in them, and on the books as a whole."""

import datetime as dt
from decimal import Decimal

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.care.weeks import DEFAULT_GRID_MONDAY
from libs.common.seams.payments.periods import BooksTotals, PeriodTotals, WeekInMoney
from services.payments.periods.rules import Periods
from services.payments.pricing.store import HAS_CARE

NOTHING = Decimal("0.00")
EMPTY_TOTALS: PeriodTotals = {
    "payable": "0.00",
    "non_payable": "0.00",
    "deductions": "0.00",
    "total": "0.00",
    "charges": "0.00",
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


def totals_by_period(
    session: Session, contract: str | None, organisation_id: str | None, closed: dt.date | None
) -> dict[dt.date, PeriodTotals]:
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
    totals: dict[dt.date, PeriodTotals] = {}
    for start, *sums, count in rows:
        payable, non_payable, deductions = (str(amount or NOTHING) for amount in sums)
        totals[start] = {
            "payable": payable,
            "non_payable": non_payable,
            "deductions": deductions,
            "total": str(Decimal(payable) + Decimal(deductions)),
            "charges": "0.00",
            "items": int(count),
        }
    if organisation_id is None:
        for start, charges in session.execute(text(CHARGES), {"closed": closed}):
            totals[start] = {**totals.get(start, EMPTY_TOTALS), "charges": str(charges)}
    return totals


def earliest_open_with_items(session: Session, periods: Periods, contract: str | None) -> dt.date | None:
    """The earliest period that holds items of the contract (None: of any that is open) and is not finalised."""
    rows = session.execute(
        text(
            "SELECT contract, period_start FROM item_lines WHERE period_start > :closed"
            " GROUP BY contract, period_start ORDER BY period_start"
        ),
        {"closed": periods.through(None) or dt.date.min},  # nothing before is open for any contract
    )
    for of_contract, start in rows:
        if contract in (None, of_contract):
            through = periods.through(of_contract)
            if through is None or start > through:
                found: dt.date = start
                return found
    return None


def list_weeks_in_money(session: Session, *, cpli_id: int, monday: dt.date, limit: int) -> list[WeekInMoney]:
    """A page of the priced weeks that have a visit or were saved as an actual, after a CPLI and Monday."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday::text, delivered_seconds, frustrated_seconds, actual::text, frustrated::text"
            f" FROM weeks WHERE (cpli_id, monday) > (:cpli, :monday) AND priced AND {HAS_CARE}"
            " ORDER BY cpli_id, monday LIMIT :limit"
        ),
        {"cpli": cpli_id, "monday": monday, "limit": limit},
    )
    return [WeekInMoney(*row) for row in rows]


def sum_books(session: Session) -> BooksTotals:
    """All that was ever posted: payable by organisation (before deductions), in all, and charged to clients.

    One-off payments are payable too. An organisation whose visits have all gone, and whose money was taken back, is not listed any more.
    """
    rows = session.execute(
        text(
            "SELECT coalesce(o.name, t.organisation_id::text), t.amount::numeric(20, 2)::text FROM ("
            " SELECT organisation_id, sum(amount) AS amount FROM ("
            "  SELECT organisation_id, amount, false AS is_week FROM items WHERE series IN ('cost', 'one_off') UNION ALL"
            "  SELECT p.organisation_id, 0, true FROM weeks w JOIN packages p USING (cpli_id)"
            f"  WHERE w.priced AND {HAS_CARE}) parts"
            "  GROUP BY organisation_id HAVING bool_or(is_week) OR sum(amount) <> 0) t"
            " LEFT JOIN organisations o ON o.organisation_id = t.organisation_id ORDER BY 1"
        )
    )
    payable: dict[str, str] = {row[0]: row[1] for row in rows}
    charges: str = session.scalar(text("SELECT coalesce(sum(amount), 0)::numeric(20, 2)::text FROM charges"))
    total = sum(map(Decimal, payable.values()), NOTHING)
    return {"payable": payable, "total_payable": str(total), "total_charges": charges}


def read_periods(session: Session) -> Periods:
    """What is finalised. Read after the period lock is held."""
    rows = session.execute(text("SELECT contract, max(period_start) FROM finalisations GROUP BY contract"))
    return Periods(DEFAULT_GRID_MONDAY, {contract or None: start for contract, start in rows})
