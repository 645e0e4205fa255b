"""Queries of payments on what invoices have of weeks, and on the terms of contracts."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.payments.invoiced.rules import COUNTED, HOLDING, DatedTerms, LineKey, Whose

TermsByContract = Mapping[str, Sequence[DatedTerms]]
# Whose a line is today: a merged client stays on as another (RULES 2).
STAYS = (
    "coalesce((SELECT m.into_client_id FROM merged_clients m WHERE m.client_id = l.client_id), l.client_id)"
)


class WeekLines(NamedTuple):
    """What all invoices have of a CPLI-week's cost or income, for one holder."""

    key: LineKey
    organisation_id: str
    contract: str
    whose: Whose
    accepted: Decimal
    """pounds of accepted invoices, less credits"""
    is_held: bool
    """whether a Pending, Accepted or Paid invoice has it"""


def lines_of_weeks(
    session: Session, cpli_ids: Collection[int] | None, mondays: Collection[dt.date] | None
) -> list[WeekLines]:
    """What invoices and credit notes have of these CPLIs' weeks, by holder; None is for all."""
    rows = session.execute(
        text(
            "SELECT l.cpli_id, l.monday, l.kind, l.organisation_id::text AS organisation_id, i.contract,"
            f" {STAYS}::text AS client_id, max(l.client_reference) AS reference, max(l.service) AS service,"
            " coalesce(sum(l.amount) FILTER (WHERE i.state = ANY(:counted)), 0) AS accepted,"
            " coalesce(bool_or(i.kind = 'invoice' AND i.state = ANY(:holding)), false) AS is_held"
            " FROM invoice_lines l JOIN invoices i USING (invoice_id)"
            " WHERE (CAST(:cplis AS bigint[]) IS NULL OR l.cpli_id = ANY(CAST(:cplis AS bigint[])))"
            " AND (CAST(:mondays AS date[]) IS NULL OR l.monday = ANY(CAST(:mondays AS date[])))"
            " GROUP BY 1, 2, 3, 4, 5, 6"
        ),
        {
            "counted": list(COUNTED),
            "holding": list(HOLDING),
            "cplis": None if cpli_ids is None else array_text(cpli_ids),
            "mondays": None if mondays is None else array_text(mondays),
        },
    )
    return [
        WeekLines(
            LineKey(row.cpli_id, row.monday, row.kind),
            row.organisation_id,
            row.contract,
            Whose(row.client_id, row.reference, row.service),
            row.accepted,
            row.is_held,
        )
        for row in rows
    ]


def weeks_held(session: Session, first: dt.date, last: dt.date) -> list[tuple[int, dt.date]]:
    """The CPLI-weeks between two Mondays that a Pending, Accepted or Paid invoice has."""
    rows = session.execute(
        text(
            "SELECT DISTINCT l.cpli_id, l.monday FROM invoice_lines l JOIN invoices i USING (invoice_id)"
            " WHERE i.kind = 'invoice' AND i.state = ANY(:holding) AND l.monday BETWEEN :first AND :last"
            " ORDER BY 2, 1"
        ),
        {"holding": list(HOLDING), "first": first, "last": last},
    )
    return [(cpli_id, monday) for cpli_id, monday in rows]


def read_terms(session: Session) -> TermsByContract:
    """The terms of every contract that ever had other ones than *Schedule*, in order of their periods."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (contract, from_period) contract, from_period, terms FROM contract_terms"
            " ORDER BY contract, from_period, terms_id DESC"
        )
    )
    found: dict[str, list[DatedTerms]] = defaultdict(list)
    for contract, from_period, terms in rows:
        found[contract].append(DatedTerms(from_period, terms))
    return found
