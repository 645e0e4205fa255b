"""What matching tells of clients' circumstances: for the council alone."""

from collections import defaultdict
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_today
from libs.common.rpc import Caller
from services.matching.book.words import name_of
from services.matching.care.rules import SUSPENDING_KINDS
from services.matching.circumstances import store as circumstances_store

VERSIONS_SHOWN = 200
CIRCUMSTANCES_SHOWN = 100


def circumstances_of(session: Session, client_id: str) -> list[dict[str, Any]]:
    """A client's circumstances as they stand, the latest first, each with what it said before."""
    rows = circumstances_store.versions_of_client(session, client_id, VERSIONS_SHOWN)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["circumstance_id"]].append(row)
    newest = [versions[0] | {"versions": versions[1:]} for versions in found.values()]
    shown = [row | {"suspends": row["kind"] in SUSPENDING_KINDS} for row in newest]
    return sorted(shown, key=lambda row: (row["from_on"], row["circumstance_id"]), reverse=True)


def circumstances_today(session: Session, caller: Caller) -> list[dict[str, Any]]:
    """What holds for clients today, what began last first; nothing for a provider."""
    if caller["organisation"] is not None:
        return []
    rows = circumstances_store.running_on(session, london_today(), CIRCUMSTANCES_SHOWN)
    return [
        {name: row[name] for name in ("client_id", "kind", "from_on", "to_on")}
        | {"name": name_of(row), "reference": row["ssref"] or row["client_ref"] or row["nhs_number"]}
        for row in rows
    ]
