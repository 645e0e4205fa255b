"""What clients are charged, and queries of it: for the council alone (RULES 7). Takes a session, never commits."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.weeks import monday_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.payments.charges import store as charges_store
from services.payments.packages import store as packages_store
from services.payments.periods import steps as periods_steps
from services.payments.posting.charges import charge_targets
from services.payments.posting.holds import HeldWeeks
from services.payments.pricing import store as pricing_store
from services.payments.reports.rules import ChargedWeek, charged_weeks

MESSAGES_SHOWN = 200
UNANSWERED_SHOWN = 50


def refuse_providers(caller: Caller) -> None:
    """RULES 7: charges are between the client and the council. Raises Refused ``not_found``."""
    if caller["organisation"] is not None:
        raise Refused("not_found", "There is no such charge.")


def charged_clients(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    client: str | None,
    after: tuple[str, uuid.UUID] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of the clients with charges in a period; pounds as text. Raises Refused ``not_a_period``, ``not_found``."""
    refuse_providers(caller)
    periods_steps.refuse_off_grid(start)
    rows = charges_store.charged_clients(session, start, client=client, after=after, limit=limit)
    pounds = ("charge", "corrections", "total")
    return [row | {name: pounds_text(row[name]) for name in pounds} for row in rows]


def charged_client(session: Session, caller: Caller, client_id: uuid.UUID) -> dict[str, Any]:
    """A client with charges, and what was asked about them. Raises Refused ``not_found``."""
    refuse_providers(caller)
    found = charges_store.charged_client(session, client_id)
    if found is None:
        raise Refused("not_found", "No client with charges has this address.")
    return found | {"messages": charges_store.messages_of(session, client_id, MESSAGES_SHOWN)}


def charge_statement(
    session: Session, caller: Caller, *, client_id: uuid.UUID, first: dt.date, last: dt.date
) -> list[dict[str, Any]]:
    """A line for each charged week from that of ``first`` to that of ``last``; pounds as text."""
    refuse_providers(caller)
    since, until = monday_of(first), monday_of(last)
    rows = charges_store.charges_of(session, client_id, since, until)
    return [_shown(week) for week in charged_weeks(rows, owed_by_week(session, client_id, since, until))]


def owed_by_week(
    session: Session, client_id: uuid.UUID, since: dt.date, until: dt.date
) -> dict[dt.date, dict[str, Any]]:
    """What explains the charge that each week with care is due today, of those between two Mondays."""
    known = pricing_store.mondays_of_clients(session, [str(client_id)])
    weeks = pricing_store.priced_weeks(session, [week for week in known if since <= week[1] <= until])
    packages = packages_store.packages_of_clients(session, [str(client_id)])
    holds = HeldWeeks.of(session, weeks).of_charges(packages, pricing_store.periods(session))
    targets = charge_targets(weeks, packages, holds)
    return {monday: explanation for (_, monday), (_, _, explanation) in targets.items()}


def ask(
    session: Session,
    caller: Caller,
    *,
    client_id: uuid.UUID,
    monday: dt.date | None,
    asked_by: str,
    words: str,
) -> None:
    """Keep a query of a client's charges. Raises Refused ``not_found``."""
    charged_client(session, caller, client_id)
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


def answer(
    session: Session, caller: Caller, *, client_id: uuid.UUID, query_id: uuid.UUID, words: str
) -> None:
    """Keep an answer to a query. Raises Refused ``not_found``."""
    refuse_providers(caller)
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


def unanswered(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """Queries that wait for an answer, the longest waiting first."""
    refuse_providers(caller)
    return charges_store.unanswered(session, UNANSWERED_SHOWN)


def _shown(week: ChargedWeek) -> dict[str, Any]:
    return {
        "monday": week.monday,
        "cost": None if week.cost is None else pounds_text(week.cost),
        "assessed": None if week.assessed is None else pounds_text(week.assessed),
        "collected_by": week.collected_by,
        "charge": pounds_text(week.charge),
        "corrections": pounds_text(week.corrections),
        "total": pounds_text(week.total),
        "reasons": list(week.reasons),
    }
