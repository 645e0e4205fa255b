"""One care package line item with all that is known of it, and what lists of them can be limited to (RULES 2)."""

from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_today
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.matching.line_items import (
    CareChoices,
    ContractedService,
    LineItemChange,
    LineItemDetails,
)
from services.matching.book.changes import differences
from services.matching.care import store as care_store
from services.matching.care.rules import suspends_itself
from services.matching.line_items import store as line_items_store
from services.matching.line_items import store_details
from services.matching.line_items.views import line_item_document
from services.matching.matches.rules import carers_wanted
from services.matching.measures import store as measures_store
from services.matching.organisations.views import limit_to_organisation

WEEKS_SHOWN = 12
CHANGES_SHOWN = 20


def list_choices(session: Session, caller: Caller, *, organisation: str | None) -> CareChoices:
    """The services and service levels by which line items can be chosen."""
    organisation_id = limit_to_organisation(session, caller, organisation)
    return {
        "services": store_details.services(session, organisation_id),
        "service_levels": store_details.service_levels(session),
    }


def list_services(
    session: Session, caller: Caller, *, organisation: str | None, limit: int
) -> list[ContractedService]:
    """The services of an organisation, with how many line items of each run today or start later.

    Raises Refused ``not_found``, and ``organisation_wanted`` for the council where none is named.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Name the organisation.")
    rows = store_details.services_of(session, organisation_id, london_today(), limit)
    return [
        {"contract": row["contract"], "service": row["service"], "line_items": row["line_items"]}
        for row in rows
    ]


def show_line_item(session: Session, caller: Caller, cpli_id: int) -> LineItemDetails:
    """A CPLI with its newest weeks, and for the council the history of its imports. Raises Refused ``not_found``."""
    rows = line_items_store.cplis(session, caller["organisation"], after=cpli_id - 1, last=cpli_id, limit=1)
    if not rows:
        raise Refused("not_found", "There is no care package line item with this id.")
    row, terms = rows[0], care_store.terms_of(session, [cpli_id])[cpli_id]
    is_provider = caller["organisation"] is not None
    weeks = store_details.weeks(session, cpli_id, row["client_id"], WEEKS_SHOWN)
    diaries, contract = measures_store.one_diaries(session), row["contract"]
    return {
        **line_item_document(row, terms, is_provider=is_provider),
        "is_one_diary": measures_store.is_one_diary(diaries, cpli_id, contract),
        "one_diary_said_of": measures_store.said_of(diaries, cpli_id, contract),
        "suspends_itself": suspends_itself(row["contract"]),
        "carers_wanted": carers_wanted(terms, row["timetable"], london_today()),
        "weeks": [{"monday": monday.isoformat(), "visits": count} for monday, count in weeks],
        "history": [] if is_provider else history_of(session, cpli_id),
    }


def history_of(session: Session, cpli_id: int) -> list[LineItemChange]:
    """The newest imports that changed a CPLI, newest first, each with what it changed; None for the first."""
    entries = store_details.history(session, cpli_id, CHANGES_SHOWN + 1)
    older: list[Any] = [*(earlier["care_row"] for _, earlier in pairwise(entries)), None]
    shown: list[LineItemChange] = [
        {
            "who": entry["imported_by"],
            "at": entry["imported_at"].isoformat(),
            "changes": differences(before, entry["care_row"]) if before else None,
        }
        for entry, before in zip(entries, older, strict=False)
    ]
    return shown[:CHANGES_SHOWN]
