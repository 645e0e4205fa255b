"""Queries of payments on invoices, credit notes and their lines."""

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.sql.columns import array_text
from services.payments.invoiced.rules import LineKey, Whose
from services.payments.invoiced.store import STAYS
from services.payments.invoices.rules import OPEN, REJECTED, Change, Line, Lines
from services.payments.pricing.rules import CpliWeek
from services.payments.pricing.store import pairs_of

Row = dict[str, Any]

COLUMNS = (
    "i.invoice_id::text, i.organisation_id::text, i.contract, i.period_start, i.kind, i.number, i.number_key,"
    " i.credits_id::text, i.state, i.net, i.vat, i.gross, i.reason, i.vat_number, i.attachment_key, i.attachment_name,"
    " i.posted_in, i.made_by, i.made_at,"
    " (SELECT c.number FROM invoices c WHERE c.invoice_id = i.credits_id) AS credited_number"
)


def find_invoice(session: Session, organisation_id: str, number_key: str) -> Row | None:
    """The invoice or credit note of this number."""
    rows = session.execute(
        text(
            f"SELECT {COLUMNS} FROM invoices i WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND number_key = :key"
        ),
        {"organisation": organisation_id, "key": number_key},
    )
    found = rows.mappings().one_or_none()
    return dict(found) if found else None


def invoice_by_id(session: Session, invoice_id: str | uuid.UUID) -> Row | None:
    """The invoice or credit note of this id."""
    rows = session.execute(
        text(f"SELECT {COLUMNS} FROM invoices i WHERE invoice_id = CAST(:id AS uuid)"),
        {"id": str(invoice_id)},
    )
    found = rows.mappings().one_or_none()
    return dict(found) if found else None


def open_invoices(session: Session, cpli_ids: Collection[int]) -> list[Row]:
    """The invoices that follow the care, each with whether it has a line of one of these CPLIs (``has_line``)."""
    rows = session.execute(
        text(
            f"SELECT {COLUMNS}, EXISTS (SELECT 1 FROM invoice_lines l WHERE l.invoice_id = i.invoice_id"
            "  AND l.cpli_id = ANY(CAST(:cplis AS bigint[]))) AS has_line"
            " FROM invoices i WHERE i.kind = 'invoice' AND i.state = ANY(:open) ORDER BY i.invoice_id"
        ),
        {"open": list(OPEN), "cplis": array_text(cpli_ids)},
    )
    return [dict(row) for row in rows.mappings()]


def find_open(session: Session, organisation_id: str, contract: str, start: dt.date) -> str | None:
    """The number of the invoice of an organisation, contract and period that is Unsubmitted or Pending."""
    found: str | None = session.scalar(
        text(
            "SELECT number FROM invoices WHERE organisation_id = CAST(:organisation AS uuid) AND contract = :contract"
            " AND period_start = :start AND kind = 'invoice' AND state = ANY(:open)"
        ),
        {"organisation": organisation_id, "contract": contract, "start": start, "open": list(OPEN)},
    )
    return found


def numbers_of_credits(session: Session, organisation_id: str, prefix: str) -> list[str]:
    """The numbers of an organisation that begin like the credit notes of an invoice."""
    rows = session.scalars(
        text(
            "SELECT number FROM invoices WHERE organisation_id = CAST(:organisation AS uuid)"
            " AND starts_with(number_key, :prefix)"
        ),
        {"organisation": organisation_id, "prefix": prefix},
    )
    return list(rows)


INVOICE_COLUMNS = (
    "invoice_id",
    "organisation_id",
    "contract",
    "period_start",
    "kind",
    "number",
    "number_key",
    "credits_id",
    "state",
    "net",
    "vat",
    "gross",
    "reason",
    "made_by",
)


def insert_invoice(session: Session, row: Mapping[str, Any]) -> None:
    """Keep a new invoice or credit note."""
    session.execute(
        text(
            f"INSERT INTO invoices ({', '.join(INVOICE_COLUMNS)})"
            f" VALUES ({', '.join(f':{name}' for name in INVOICE_COLUMNS)})"
        ),
        {name: row.get(name) for name in INVOICE_COLUMNS},
    )


CHANGEABLE = frozenset(
    {"state", "net", "vat", "gross", "vat_number", "attachment_key", "attachment_name", "posted_in"}
)


def update_invoice(session: Session, invoice: Row, **values: Any) -> None:
    """Change an invoice, and the row that the caller has of it."""
    if values.keys() - CHANGEABLE:
        raise TypeError(f"An invoice keeps its {sorted(values.keys() - CHANGEABLE)}")
    session.execute(
        text(
            f"UPDATE invoices SET {', '.join(f'{name} = :{name}' for name in values)}"
            " WHERE invoice_id = CAST(:id AS uuid)"
        ),
        {"id": invoice["invoice_id"], **values},
    )
    invoice |= values


def delete_invoice(session: Session, invoice_id: str) -> None:
    """Take away an invoice that nobody got to see, with its lines."""
    for table in ("invoice_lines", "invoices"):
        session.execute(text(f"DELETE FROM {table} WHERE invoice_id = CAST(:id AS uuid)"), {"id": invoice_id})


def lines_of(session: Session, invoice_id: str) -> Lines:
    """The lines of an invoice, as they are kept."""
    rows = session.execute(
        text(
            f"SELECT l.cpli_id, l.monday, l.kind, l.amount, {STAYS}::text, l.client_reference, l.service, l.vat_rate"
            " FROM invoice_lines l WHERE l.invoice_id = CAST(:id AS uuid) ORDER BY 1, 2, 3"
        ),
        {"id": invoice_id},
    )
    return {LineKey(*row[:3]): Line(row[3], Whose(*row[4:7]), row[7]) for row in rows}


def replace_lines(session: Session, invoice: Row, before: Iterable[LineKey], after: Lines) -> None:
    """Have an invoice hold these lines in place of those."""
    about = {"id": invoice["invoice_id"], "organisation": invoice["organisation_id"]}
    for key in before:
        session.execute(
            text(
                "DELETE FROM invoice_lines WHERE invoice_id = CAST(:id AS uuid) AND cpli_id = :cpli_id"
                " AND monday = :monday AND kind = :kind"
            ),
            {"id": about["id"], **key._asdict()},
        )
    if after:
        session.execute(
            text(
                "INSERT INTO invoice_lines (invoice_id, organisation_id, cpli_id, monday, kind, client_id,"
                " client_reference, service, amount, vat_rate) VALUES (CAST(:id AS uuid),"
                " CAST(:organisation AS uuid), :cpli_id, :monday, :kind, CAST(:client_id AS uuid), :client_reference,"
                " :service, :amount, :vat_rate)"
            ),
            [
                about
                | key._asdict()
                | line.whose._asdict()
                | {"amount": line.amount, "vat_rate": line.vat_rate}
                for key, line in after.items()
            ],
        )


def insert_changes(session: Session, invoice: Row, changes: Iterable[Change]) -> None:
    """Note what changed in an open invoice."""
    rows = [
        {"id": invoice["invoice_id"], "organisation": invoice["organisation_id"]}
        | change.key._asdict()
        | {"before": change.before, "after": change.after}
        for change in changes
    ]
    if rows:
        session.execute(
            text(
                "INSERT INTO invoice_changes (invoice_id, organisation_id, cpli_id, monday, kind, before, after)"
                " VALUES (CAST(:id AS uuid), CAST(:organisation AS uuid), :cpli_id, :monday, :kind, :before, :after)"
            ),
            rows,
        )


def insert_step(
    session: Session,
    invoice: Row,
    state: str,
    who: str,
    reason: str = "",
    *,
    move_id: uuid.UUID | None = None,
) -> None:
    """Note what somebody did with an invoice; ``move_id`` of what is done once for an id."""
    session.execute(
        text(
            "INSERT INTO invoice_steps (invoice_id, organisation_id, state, reason, done_by, move_id)"
            " VALUES (CAST(:id AS uuid), CAST(:organisation AS uuid), :state, :reason, :who, :move_id)"
        ),
        {
            "id": invoice["invoice_id"],
            "organisation": invoice["organisation_id"],
            "state": state,
            "reason": reason,
            "who": who,
            "move_id": move_id,
        },
    )


def find_move(session: Session, move_id: uuid.UUID) -> tuple[str, str] | None:
    """The invoice that was moved under an id, and the state that it came to."""
    row = session.execute(
        text("SELECT invoice_id::text, state FROM invoice_steps WHERE move_id = :id"), {"id": move_id}
    ).first()
    return (row.invoice_id, row.state) if row else None


def credited_of(session: Session, invoice_id: str) -> dict[LineKey, Decimal]:
    """What credit notes take of an invoice's lines, in pounds above nought: all but rejected ones count."""
    rows = session.execute(
        text(
            "SELECT l.cpli_id, l.monday, l.kind, -sum(l.amount) FROM invoice_lines l JOIN invoices i USING (invoice_id)"
            " WHERE i.credits_id = CAST(:id AS uuid) AND i.state <> :rejected GROUP BY 1, 2, 3"
        ),
        {"id": invoice_id, "rejected": REJECTED},
    )
    return {LineKey(*row[:3]): row[3] for row in rows}


def count_items(session: Session, weeks: Collection[CpliWeek]) -> dict[LineKey, int]:
    """How many items there are of each series of these weeks: the next one's ordinal."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, series, count(*) FROM items WHERE (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[]))) GROUP BY 1, 2, 3"
        ),
        pairs_of("cplis", weeks),
    )
    return {LineKey(*row[:3]): row[3] for row in rows}


def count_pending(session: Session, most: int) -> int:
    """How many invoices and credit notes wait for a decision; counted no further than ``most``."""
    found = session.scalar(
        text("SELECT count(*) FROM (SELECT 1 FROM invoices WHERE state = 'Pending' LIMIT :most) pending"),
        {"most": most},
    )
    return int(found or 0)


def pay_posted(session: Session, start: dt.date, contract: str | None) -> list[Row]:
    """Have what was accepted into a period (of a contract, or of all) be Paid; answers which."""
    rows = session.execute(
        text(
            "UPDATE invoices SET state = 'Paid' WHERE state = 'Accepted' AND posted_in = :start"
            " AND (CAST(:contract AS text) IS NULL OR contract = :contract)"
            " RETURNING invoice_id::text, organisation_id::text"
        ),
        {"start": start, "contract": contract},
    )
    return [dict(row) for row in rows.mappings()]
