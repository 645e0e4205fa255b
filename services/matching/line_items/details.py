"""One care package line item with all that is known of it, and what lists of them can be limited to (RULES 2)."""

from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.matching.book.changes import differences
from services.matching.circumstances.rules import suspends_itself
from services.matching.line_items import store as line_items_store
from services.matching.line_items import store_details
from services.matching.line_items.views import line_item, organisation_asked, today
from services.matching.matches import store as matches_store
from services.matching.matches.rules import carers_wanted

WEEKS_SHOWN = 12
CHANGES_SHOWN = 20


def choices(session: Session, caller: Caller, *, organisation: str | None) -> dict[str, list[str]]:
    """The services and service levels by which line items can be chosen."""
    organisation_id = organisation_asked(session, caller, organisation)
    return {
        "services": store_details.services(session, organisation_id),
        "service_levels": store_details.service_levels(session),
    }


def one(session: Session, caller: Caller, cpli_id: int) -> dict[str, Any]:
    """A CPLI with its newest weeks, and for the council the history of its imports. Raises Refused ``not_found``."""
    rows = line_items_store.cplis(session, caller["organisation"], after=cpli_id - 1, last=cpli_id, limit=1)
    if not rows:
        raise Refused("not_found", "There is no care package line item with this id.")
    row, terms = rows[0], matches_store.terms_of(session, [cpli_id])[cpli_id]
    shown = line_item(row, terms, is_provider=caller["organisation"] is not None)
    weeks = store_details.weeks(session, cpli_id, row["client_id"], WEEKS_SHOWN)
    return shown | {
        "suspends_itself": suspends_itself(row["contract"]),
        "carers_wanted": carers_wanted(terms, row["timetable"], today()),
        "weeks": [{"monday": monday, "visits": count} for monday, count in weeks],
        "history": history(session, cpli_id) if caller["organisation"] is None else [],
    }


def history(session: Session, cpli_id: int) -> list[dict[str, Any]]:
    """The newest imports that changed a CPLI, newest first, each with what it changed; None for the first."""
    entries = store_details.history(session, cpli_id, CHANGES_SHOWN + 1)
    older: list[Any] = [*(earlier["care_row"] for _, earlier in pairwise(entries)), None]
    shown = [
        {
            "who": entry["imported_by"],
            "at": entry["imported_at"],
            "changes": differences(before, entry["care_row"]) if before else None,
        }
        for entry, before in zip(entries, older, strict=False)
    ]
    return shown[:CHANGES_SHOWN]
