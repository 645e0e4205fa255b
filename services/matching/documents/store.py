"""Queries of matching on contract documents. Row-level security limits what a provider sees and answers."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.documents import DocumentNote
from libs.common.sql.columns import array_text
from libs.common.sql.planning import joining_whole_tables
from services.matching.identifiers.rules import of_any_kind

LAST_NUMBER = 2**63 - 1
MANY = 1_000
"""From so many documents on it is cheaper to read whole tables than to look each thing up."""

Row = dict[str, Any]

# What a document of a CPLI would say now. A term that holds from the start has no date of its own.
_SAID = """
SELECT c.cpli_id, c.organisation_id, c.service_id, c.client_id, k.surname, k.forename, jsonb_build_object(
    'title', k.title, 'forename', k.forename, 'surname', k.surname, 'date_of_birth', k.date_of_birth,
    'ssref', k.ssref, 'client_ref', k.client_ref, 'nhs_number', k.nhs_number,
    'organisation', o.name, 'address', o.address, 'service', s.name,
    'service_level', coalesce(l.name, c.service_level),
    'start_on', c.start_on, 'end_on', c.end_on, 'unit', c.unit, 'frequency', c.frequency,
    'terms', (SELECT jsonb_agg(jsonb_build_object('from', nullif(t.effective_from, '0001-01-01'),
        'quantity', trim_scale(t.quantity)::text, 'unit_cost', trim_scale(t.unit_cost)::text)
        ORDER BY t.effective_from) FROM cpli_terms t WHERE t.cpli_id = c.cpli_id)
) AS says
FROM cplis c JOIN services s USING (service_id) JOIN clients k USING (client_id)
JOIN organisations o ON o.organisation_id = c.organisation_id
LEFT JOIN service_levels l ON l.folded_name = c.service_level
"""
# Numbers follow the order in which they are asked for: lists begin with the highest, and so with the first surname.
# By `number + 0` no index goes through all documents from the newest on, which seems cheap while the table is new.
_PUBLISH = f"""
WITH wanted AS (
    SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:kinds AS text[])) AS w (cpli_id, kind)
), published AS (
    INSERT INTO contract_documents (document_id, cpli_id, organisation_id, service_id, client_id, kind, says,
        published_at, due_on, status, updated_at)
    SELECT gen_random_uuid(), s.cpli_id, s.organisation_id, s.service_id, s.client_id, w.kind, s.says,
        :now, :due_on, 'published', :now
    FROM ({_SAID}) s JOIN wanted w USING (cpli_id)
    WHERE NOT EXISTS (
        SELECT 1 FROM (
            SELECT says, status FROM contract_documents d WHERE d.cpli_id = s.cpli_id ORDER BY number + 0 DESC LIMIT 1
        ) newest WHERE newest.says = s.says AND newest.status <> 'rejected'
    )
    ORDER BY lower(s.surname) DESC, lower(s.forename) DESC, s.cpli_id DESC
    RETURNING document_id, organisation_id
)
INSERT INTO contract_document_notes (document_id, ordinal, organisation_id, move, said_by, said_at, reason)
SELECT document_id, 1, organisation_id, 'publish', :who, :now, '' FROM published
"""
_IS_NEWEST = """NOT EXISTS (
    SELECT 1 FROM contract_documents n WHERE n.cpli_id = d.cpli_id AND n.number > d.number)"""
# RULES 11, by the clock: what nobody answered is agreed from the end of its last day in London on, whether that is
# written yet or not. Writing it changes none of these.
_IS_OVERDUE = "(d.status = 'published' AND d.due_on < :today)"
_END_OF_LAST_DAY = "CAST(d.due_on + 1 AS timestamp) AT TIME ZONE 'Europe/London'"
_STATUS = f"CASE WHEN {_IS_OVERDUE} THEN 'agreed' ELSE d.status END"
_UPDATED_AT = f"CASE WHEN {_IS_OVERDUE} THEN {_END_OF_LAST_DAY} ELSE d.updated_at END"
_COLUMNS = f"""
d.document_id::text, d.number, d.cpli_id, d.organisation_id::text, d.client_id::text, d.kind, d.says, d.published_at,
d.due_on, {_STATUS} AS status, {_UPDATED_AT} AS updated_at, {_IS_OVERDUE} AS is_overdue
"""

# Whoever has or had an identifier, and whoever was merged into them.
_CLIENTS_NAMED = """
WITH RECURSIVE named AS (
    SELECT client_id FROM client_identifiers WHERE identifier = ANY(:client)
    UNION SELECT m.client_id FROM named JOIN client_merges m ON m.into_client_id = named.client_id
) SELECT client_id FROM named
"""


def now(session: Session) -> dt.datetime:
    """When this transaction began."""
    return session.execute(text("SELECT now()")).scalar_one()


def publish(
    session: Session, kinds: Mapping[int, str], *, who: str, now: dt.datetime, due_on: dt.date
) -> int:
    """A document of each of these CPLIs, as it stands; how many. What its newest one says is not said again."""
    wanted = {"ids": array_text(kinds), "kinds": array_text(kinds.values())}
    with joining_whole_tables(session) if len(kinds) > MANY else nullcontext():
        result: Any = session.execute(text(_PUBLISH), {**wanted, "who": who, "now": now, "due_on": due_on})
    return int(result.rowcount)


def rejected_and_changed(session: Session) -> list[int]:
    """The CPLIs whose newest document was rejected, and of which care says something else by now."""
    query = (
        f"SELECT d.cpli_id FROM contract_documents d JOIN ({_SAID}) s USING (cpli_id)"
        f" WHERE d.status = 'rejected' AND d.says <> s.says AND {_IS_NEWEST}"
    )
    return list(session.scalars(text(query)))


def list_documents(
    session: Session,
    organisation_id: str | None,
    *,
    today: dt.date,
    service: str | None,
    client: str | None,
    status: str | None,
    since: dt.datetime | None,
    after: int | None,
    limit: int,
    document_ids: Sequence[uuid.UUID] | None = None,
) -> list[Row]:
    """Documents as they stand on a day, the newest first.

    `service` is a folded name, `client` any identifier, `after` a number. `is_overdue`: agreed by the clock alone.
    """
    rows = session.execute(
        text(
            f"SELECT {_COLUMNS} FROM contract_documents d WHERE d.number < :before"
            " AND (CAST(:organisation AS uuid) IS NULL OR d.organisation_id = CAST(:organisation AS uuid))"
            " AND (CAST(:service AS text) IS NULL OR d.service_id IN"
            " (SELECT service_id FROM services WHERE folded_name = :service))"
            f" AND (CAST(:client AS text[]) IS NULL OR d.client_id IN ({_CLIENTS_NAMED}))"
            " AND (CAST(:ids AS uuid[]) IS NULL OR d.document_id = ANY(CAST(:ids AS uuid[])))"
            f" AND (CAST(:status AS text) IS NULL OR {_STATUS} = :status)"
            f" AND (CAST(:since AS timestamptz) IS NULL OR {_UPDATED_AT} >= :since)"
            " ORDER BY d.number DESC LIMIT :limit"
        ),
        {
            "organisation": organisation_id,
            "today": today,
            "service": service,
            "client": None if client is None else of_any_kind([client]),
            "status": status,
            "ids": None if document_ids is None else array_text(document_ids),
            "since": since,
            "before": LAST_NUMBER if after is None else after,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def find_document(
    session: Session, document_id: uuid.UUID, *, today: dt.date, lock: bool = False
) -> Row | None:
    """A document as it stands on a day, or None; `is_newest` of its CPLI."""
    found = session.execute(
        text(
            f"SELECT {_COLUMNS}, {_IS_NEWEST} AS is_newest FROM contract_documents d WHERE d.document_id = :id"
            + (" FOR UPDATE" if lock else "")
        ),
        {"id": document_id, "today": today},
    ).mappings()
    row = found.first()
    return dict(row) if row else None


def notes(session: Session, document_ids: Sequence[str]) -> dict[str, list[DocumentNote]]:
    """Who did what when with each of these documents, in order."""
    rows = session.execute(
        text(
            "SELECT document_id::text, move, said_by AS who, said_at AS at, reason FROM contract_document_notes"
            " WHERE document_id = ANY(CAST(:ids AS uuid[])) ORDER BY document_id, ordinal"
        ),
        {"ids": array_text(document_ids)},
    )
    found: dict[str, list[DocumentNote]] = defaultdict(list)
    for document_id, move, who, at, reason in rows:
        found[document_id].append({"move": move, "who": who, "at": at.isoformat(), "reason": reason})
    return found


def answer(session: Session, document_id: str, *, status: str, note: Mapping[str, Any]) -> None:
    """What a document, which is locked, becomes, and the note of it: move, who, now, reason."""
    facts = {"id": document_id, "status": status, **note}
    session.execute(
        text("UPDATE contract_documents SET status = :status, updated_at = :now WHERE document_id = :id"),
        facts,
    )
    session.execute(
        text(
            "INSERT INTO contract_document_notes (document_id, ordinal, organisation_id, move, said_by, said_at, reason)"
            " SELECT document_id, 1 + (SELECT max(ordinal) FROM contract_document_notes n"
            " WHERE n.document_id = d.document_id), organisation_id, :move, :who, :now, :reason"
            " FROM contract_documents d WHERE document_id = :id"
        ),
        facts,
    )


def agree_overdue(session: Session, *, today: dt.date, move: str, who: str, limit: int) -> int:
    """Agree so many that nobody answered and that were due before today, as of the end of that day; how many.

    Whoever answers one just now is left to it.
    """
    result: Any = session.execute(
        text(
            f"WITH due AS (SELECT document_id FROM contract_documents d WHERE {_IS_OVERDUE} ORDER BY number"
            " LIMIT :limit FOR UPDATE SKIP LOCKED), agreed AS (UPDATE contract_documents d SET status = 'agreed',"
            f" updated_at = {_END_OF_LAST_DAY} FROM due WHERE d.document_id = due.document_id"
            " RETURNING d.document_id, d.organisation_id, d.updated_at)"
            " INSERT INTO contract_document_notes (document_id, ordinal, organisation_id, move, said_by, said_at, reason)"
            " SELECT document_id, 1 + (SELECT max(ordinal) FROM contract_document_notes n"
            " WHERE n.document_id = a.document_id), organisation_id, :move, :who, updated_at, '' FROM agreed a"
        ),
        {"today": today, "move": move, "who": who, "limit": limit},
    )
    return int(result.rowcount)


def count_open(session: Session, organisation_id: str, today: dt.date, limit: int) -> int:
    """How many documents an organisation can still answer."""
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM contract_documents WHERE status = 'published' AND due_on >= :today"
        " AND organisation_id = CAST(:organisation AS uuid) LIMIT :limit) AS found"
    )
    return session.scalar(query, {"organisation": organisation_id, "today": today, "limit": limit}) or 0


def count_rejected(session: Session, limit: int) -> int:
    """How many documents stand rejected: no newer one has taken their place."""
    query = text(
        "SELECT count(*) FROM (SELECT 1 FROM contract_documents d WHERE status = 'rejected'"
        f" AND {_IS_NEWEST} LIMIT :limit) AS found"
    )
    return session.scalar(query, {"limit": limit}) or 0
