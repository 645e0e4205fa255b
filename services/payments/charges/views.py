"""What clients are charged, and queries of it: for the council alone (RULES 7). Takes a session, never commits."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import monday_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.charges import (
    ChargedClient,
    ChargedClientLine,
    ChargeMessage,
    StatementWeek,
    UnansweredQuery,
)
from services.payments.charges import store as charges_store
from services.payments.charges.rules import ChargedWeek, charge_targets, charged_weeks
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.invoiced.weeks import InvoicedWeeks
from services.payments.packages import store as packages_store
from services.payments.periods import rules as periods_rules
from services.payments.periods import store as periods_store
from services.payments.pricing import store as pricing_store

MESSAGES_SHOWN = 200
UNANSWERED_SHOWN = 50


def list_charged_clients(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    client: str | None,
    after: tuple[str, uuid.UUID] | None,
    limit: int,
) -> list[ChargedClientLine]:
    """A page of the clients with charges in a period; pounds as text. Raises Refused ``not_a_period``, ``not_found``."""
    require_council(caller, "There is no such charge.")
    periods_rules.refuse_off_grid(start)
    rows = charges_store.charged_clients(session, start, client=client, after=after, limit=limit)
    return [
        {
            "client_id": row["client_id"],
            "client": row["client"],
            "weeks": row["weeks"],
            "charge": pounds_text(row["charge"]),
            "corrections": pounds_text(row["corrections"]),
            "total": pounds_text(row["total"]),
        }
        for row in rows
    ]


def describe_charged_client(session: Session, caller: Caller, client_id: uuid.UUID) -> ChargedClient:
    """A client with charges, and what was asked about them. Raises Refused ``not_found``."""
    require_council(caller, "There is no such charge.")
    found = charges_store.charged_client(session, client_id)
    if found is None:
        raise Refused("not_found", "No client with charges has this address.")
    messages = charges_store.messages_of(session, client_id, MESSAGES_SHOWN)
    return {
        "client_id": found["client_id"],
        "client": found["client"],
        "newest_week": found["newest_week"].isoformat(),
        "messages": [_message_document(row) for row in messages],
    }


def _message_document(row: Mapping[str, Any]) -> ChargeMessage:
    return {
        "message_id": row["message_id"],
        "query_id": row["query_id"],
        "kind": row["kind"],
        "monday": iso_or_none(row["monday"]),
        "asked_by": row["asked_by"],
        "words": row["words"],
        "said_by": row["said_by"],
        "said_at": row["said_at"].isoformat(),
    }


def list_statement_weeks(
    session: Session, caller: Caller, *, client_id: uuid.UUID, first: dt.date, last: dt.date
) -> list[StatementWeek]:
    """A line for each charged week from that of ``first`` to that of ``last``; pounds as text."""
    require_council(caller, "There is no such charge.")
    since, until = monday_of(first), monday_of(last)
    rows = charges_store.charges_of(session, client_id, since, until)
    return [
        _week_document(week) for week in charged_weeks(rows, owed_by_week(session, client_id, since, until))
    ]


def owed_by_week(
    session: Session, client_id: uuid.UUID, since: dt.date, until: dt.date
) -> dict[dt.date, dict[str, Any]]:
    """What explains the charge that each week with care is due today, of those between two Mondays."""
    known = pricing_store.mondays_of_clients(session, [str(client_id)])
    asked = {week for week in known if since <= week[1] <= until}
    weeks = pricing_store.priced_weeks(session, asked)
    packages = packages_store.packages_of_clients(session, [str(client_id)])
    invoiced = InvoicedWeeks.of(session, packages, {monday for _, monday in asked})
    weeks |= invoiced.charged_weeks(packages, asked)
    holds = HeldWeeks.of(session, weeks).of_charges(packages, periods_store.read_periods(session))
    targets = charge_targets(weeks, packages, holds)
    return {monday: explanation for (_, monday), (_, _, explanation) in targets.items()}


def ask_about_charges(
    session: Session,
    caller: Caller,
    *,
    client_id: uuid.UUID,
    monday: dt.date | None,
    asked_by: str,
    words: str,
) -> None:
    """Keep a query of a client's charges. Raises Refused ``not_found``."""
    describe_charged_client(session, caller, client_id)
    query_id = uuid.uuid4()
    message = {
        "message_id": query_id,
        "query_id": query_id,
        "client_id": client_id,
        "kind": "query",
        "monday": None if monday is None else monday_of(monday),
        "asked_by": asked_by,
        "words": words,
        "said_by": caller["who"],
    }
    charges_store.save_message(session, message)


def answer_about_charges(
    session: Session, caller: Caller, *, client_id: uuid.UUID, query_id: uuid.UUID, words: str
) -> None:
    """Keep an answer to a query. Raises Refused ``not_found``."""
    require_council(caller, "There is no such charge.")
    if not charges_store.is_query_of(session, query_id, client_id):
        raise Refused("not_found", "There is no such query.")
    message = {
        "message_id": uuid.uuid4(),
        "query_id": query_id,
        "client_id": client_id,
        "kind": "answer",
        "monday": None,
        "asked_by": "",
        "words": words,
        "said_by": caller["who"],
    }
    charges_store.save_message(session, message)


def list_unanswered(session: Session, caller: Caller) -> list[UnansweredQuery]:
    """Queries that wait for an answer, the longest waiting first."""
    require_council(caller, "There is no such charge.")
    return [
        {
            "query_id": row["query_id"],
            "client_id": row["client_id"],
            "monday": iso_or_none(row["monday"]),
            "asked_by": row["asked_by"],
            "words": row["words"],
            "said_by": row["said_by"],
            "said_at": row["said_at"].isoformat(),
            "client": row["client"],
        }
        for row in charges_store.unanswered(session, UNANSWERED_SHOWN)
    ]


def _week_document(week: ChargedWeek) -> StatementWeek:
    return {
        "monday": week.monday.isoformat(),
        "cost": None if week.cost is None else pounds_text(week.cost),
        "assessed": None if week.assessed is None else pounds_text(week.assessed),
        "collected_by": week.collected_by,
        "charge": pounds_text(week.charge),
        "corrections": pounds_text(week.corrections),
        "total": pounds_text(week.total),
        "reasons": list(week.reasons),
    }
