"""What matching tells the faces: CPLIs, the Commissioned Care Export (RULES 2, 5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day, now
from libs.common.care.money import pounds_text
from libs.common.care.names import find_named, fold
from libs.common.care.terms import FROM_START, Term, term_on
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.book.words import name_of, number, timetable_text
from services.matching.line_items import store as line_items_store
from services.matching.matches import store as matches_store


def organisation_asked(session: Session, caller: Caller, name: str | None) -> str | None:
    """The id of the organisation that a question is limited to; None is all, for the council alone.

    Raises Refused ``not_found`` for a name that is no organisation, or for a provider that is not its own.
    """
    own = caller["organisation"]
    if name is None:
        return own
    found = find_named(name, line_items_store.organisations(session))
    if found is None or own not in (None, found):
        raise Refused("not_found", f"No organisation is called “{name}”: write the name as care has it.")
    return found


def line_items(
    session: Session,
    caller: Caller,
    *,
    organisation: str | None = None,
    clients: list[str] | None = None,
    service_name: str | None = None,
    service_level: str | None = None,
    is_historical: bool = True,
    after: int = -1,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of care package line items, each with its dated terms; ended ones only when `is_historical`."""
    organisation_id = organisation_asked(session, caller, organisation)
    rows = line_items_store.cplis(
        session,
        organisation_id,
        clients=clients,
        service=service_name and fold(service_name),
        service_level=service_level and fold(service_level),
        not_ended_on=None if is_historical else today(),
        after=after,
        limit=limit,
    )
    terms = matches_store.terms_of(session, [row["cpli_id"] for row in rows])
    is_provider = caller["organisation"] is not None
    return [line_item(row, terms[row["cpli_id"]], is_provider=is_provider) for row in rows]


def line_item(row: Mapping[str, Any], terms: Sequence[Term], *, is_provider: bool) -> dict[str, Any]:
    """A CPLI as the faces show it; hours a week, pounds an hour, and pounds as often as its frequency says."""
    now = term_on(terms, today())
    return {
        "cpli_id": row["cpli_id"],
        "organisation": row["organisation"],
        "organisation_id": row["organisation_id"],
        "client": {"ssref": row["ssref"], "client_ref": row["client_ref"], "nhs_number": row["nhs_number"]},
        "client_id": row["client_id"],
        "client_name": name_of(row),
        "service": row["service"],
        "former_services": row["former_services"],
        "service_ref": row["service_ref"],
        "contract": row["contract"],
        "service_level": row["service_level"],
        "service_level_ref": row["service_level_ref"],
        "start_on": row["start_on"],
        "end_on": row["end_on"],
        "quantity": number(now.quantity),
        "unit": row["unit"],
        "frequency": row["frequency"],
        "unit_cost": number(now.unit_cost),
        "cost": pounds_text(now.quantity * now.unit_cost),
        "pricing": row["pricing"],
        "payment_method": row["payment_method"],
        "authorised": row["authorised"],
        "timetable": timetable_text(row["timetable"]),
        "suspensions": [
            {"from": first, "to": None if last == dt.date.max.isoformat() else last, "reason": reason}
            for first, last, reason in row["suspensions"]
        ],
        "terms": [shown_term(term, is_provider=is_provider) for term in terms],
    }


def shown_term(term: Term, *, is_provider: bool) -> dict[str, Any]:
    """A dated term. What the client is assessed for is a provider's business only where it collects it."""
    hidden = is_provider and term.collected_by != "Provider"
    assessed = None if hidden or term.assessed_contribution is None else number(term.assessed_contribution)
    return {
        "effective_from": None if term.effective_from == FROM_START else term.effective_from,
        "quantity": number(term.quantity),
        "unit_cost": number(term.unit_cost),
        "assessed_contribution": assessed,
        "contribution_collected_by": term.collected_by,
    }


def commissioned_care(
    session: Session, caller: Caller, *, organisation: str | None, after: int, limit: int
) -> dict[str, Any]:
    """A page of the Commissioned Care Export: rows in its columns, and the CpliId after which the next begins.

    CPLIs that have ended are left out: the quantity is the current one.
    """
    organisation_id = organisation_asked(session, caller, organisation)
    rows = line_items_store.cplis(session, organisation_id, not_ended_on=today(), after=after, limit=limit)
    terms = matches_store.terms_of(session, [row["cpli_id"] for row in rows])
    return {
        "rows": [export_row(row, term_on(terms[row["cpli_id"]], today())) for row in rows],
        "after": rows[-1]["cpli_id"] if rows else None,
    }


def export_row(row: Mapping[str, Any], term: Term) -> list[str]:
    """The cells of one CPLI, in the order of the export's columns (RULES 2)."""
    cells = (
        row["ssref"],
        row["nhs_number"],
        row["service_level_ref"],
        row["service_level"],
        number(term.quantity),
        row["unit"],
        row["frequency"],
        row["service_ref"],
        row["service"],
        row["organisation_ref"],
        row["organisation"],
    )
    return [cell or "" for cell in cells]


def today() -> dt.date:
    """The council's day."""
    return london_day(now())
