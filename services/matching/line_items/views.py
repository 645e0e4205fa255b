"""What matching tells the faces: CPLIs, the Commissioned Care Export (RULES 2, 5)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_today
from libs.common.care.money import pounds_text
from libs.common.care.names import fold
from libs.common.care.terms import FROM_START, Term, term_on
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.line_items import ExportPage, LineItem, LineItemTerm
from services.matching.book.words import name_of, number, timetable_text
from services.matching.care import store as care_store
from services.matching.line_items import store as line_items_store
from services.matching.organisations.views import limit_to_organisation


def list_line_items(
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
) -> list[LineItem]:
    """A page of care package line items, each with its dated terms; ended ones only when `is_historical`."""
    organisation_id = limit_to_organisation(session, caller, organisation)
    rows = line_items_store.cplis(
        session,
        organisation_id,
        clients=clients,
        service=service_name and fold(service_name),
        service_level=service_level and fold(service_level),
        not_ended_on=None if is_historical else london_today(),
        after=after,
        limit=limit,
    )
    terms = care_store.terms_of(session, [row["cpli_id"] for row in rows])
    is_provider = caller["organisation"] is not None
    return [line_item_document(row, terms[row["cpli_id"]], is_provider=is_provider) for row in rows]


def line_item_document(row: Mapping[str, Any], terms: Sequence[Term], *, is_provider: bool) -> LineItem:
    """A CPLI as the faces show it; hours a week, pounds an hour, and pounds as often as its frequency says."""
    now = term_on(terms, london_today())
    return {
        "cpli_id": row["cpli_id"],
        "organisation": row["organisation"],
        "organisation_id": row["organisation_id"],
        "client": {"ssref": row["ssref"], "client_ref": row["client_ref"], "nhs_number": row["nhs_number"]},
        "client_id": row["client_id"],
        "client_name": name_of(row),
        "service": row["service"],
        "service_id": row["service_id"],
        "former_services": row["former_services"],
        "service_ref": row["service_ref"],
        "contract": row["contract"],
        "service_level": row["service_level"],
        "service_level_ref": row["service_level_ref"],
        "start_on": row["start_on"].isoformat(),
        "end_on": iso_or_none(row["end_on"]),
        "quantity": number(now.quantity),
        "unit": row["unit"],
        "frequency": row["frequency"],
        "unit_cost": number(now.unit_cost),
        "cost": pounds_text(now.quantity * now.unit_cost),
        "pricing": row["pricing"],
        "payment_method": row["payment_method"],
        "authorised": row["authorised"],
        "timetable": timetable_text(row["timetable"], row["critical_slots"]),
        "suspensions": [
            {"from": first, "to": None if last == dt.date.max.isoformat() else last, "reason": reason}
            for first, last, reason in row["suspensions"]
        ],
        "terms": [term_document(term, is_provider=is_provider) for term in terms],
    }


def term_document(term: Term, *, is_provider: bool) -> LineItemTerm:
    """A dated term. What the client is assessed for is a provider's business only where it collects it."""
    hidden = is_provider and term.collected_by != "Provider"
    assessed = None if hidden or term.assessed_contribution is None else number(term.assessed_contribution)
    return {
        "effective_from": None if term.effective_from == FROM_START else term.effective_from.isoformat(),
        "quantity": number(term.quantity),
        "unit_cost": number(term.unit_cost),
        "assessed_contribution": assessed,
        "contribution_collected_by": term.collected_by,
    }


def page_of_export(
    session: Session, caller: Caller, *, organisation: str | None, after: int, limit: int
) -> ExportPage:
    """A page of the Commissioned Care Export: rows in its columns, and the CpliId after which the next begins.

    CPLIs that have ended are left out: the quantity is the current one.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    rows = line_items_store.cplis(
        session, organisation_id, not_ended_on=london_today(), after=after, limit=limit
    )
    terms = care_store.terms_of(session, [row["cpli_id"] for row in rows])
    return {
        "rows": [_export_row(row, term_on(terms[row["cpli_id"]], london_today())) for row in rows],
        "after": rows[-1]["cpli_id"] if rows else None,
    }


def _export_row(row: Mapping[str, Any], term: Term) -> list[str]:
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
