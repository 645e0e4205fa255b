"""What matching tells of clients' circumstances: for the council alone."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_today
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.matching.clients import Circumstance, CircumstanceToday, CircumstanceVersion
from services.matching.book.words import name_of
from services.matching.care.rules import SUSPENDING_KINDS
from services.matching.circumstances import store as circumstances_store
from services.matching.identifiers.rules import reference_of

VERSIONS_SHOWN = 200
CIRCUMSTANCES_SHOWN = 100


def circumstances_of(session: Session, client_id: str) -> list[Circumstance]:
    """A client's circumstances as they stand, the latest first, each with what it said before."""
    rows = circumstances_store.versions_of_client(session, client_id, VERSIONS_SHOWN)
    found: dict[str, list[CircumstanceVersion]] = defaultdict(list)
    for row in rows:
        found[row["circumstance_id"]].append(_version_document(row))
    shown = [_circumstance_document(versions) for versions in found.values()]
    return sorted(shown, key=lambda one: (one["from_on"], one["circumstance_id"]), reverse=True)


def circumstances_today(session: Session, caller: Caller) -> list[CircumstanceToday]:
    """What holds for clients today, what began last first; nothing for a provider."""
    if caller["organisation"] is not None:
        return []
    rows = circumstances_store.running_on(session, london_today(), CIRCUMSTANCES_SHOWN)
    return [
        {
            "client_id": row["client_id"],
            "kind": row["kind"],
            "from_on": row["from_on"].isoformat(),
            "to_on": iso_or_none(row["to_on"]),
            "name": name_of(row),
            "reference": reference_of(row),
        }
        for row in rows
    ]


def _circumstance_document(versions: list[CircumstanceVersion]) -> Circumstance:
    newest, *older = versions
    return {**newest, "versions": older, "suspends": newest["kind"] in SUSPENDING_KINDS}


def _version_document(row: Mapping[str, Any]) -> CircumstanceVersion:
    return {
        "circumstance_id": row["circumstance_id"],
        "client_id": row["client_id"],
        "kind": row["kind"],
        "from_on": row["from_on"].isoformat(),
        "to_on": iso_or_none(row["to_on"]),
        "note": row["note"],
        "withdrawn": row["withdrawn"],
        "changed_by": row["changed_by"],
        "changed_at": row["changed_at"].isoformat(),
    }
