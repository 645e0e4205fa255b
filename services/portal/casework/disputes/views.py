"""Disputes as the faces raise and show them: visits gathered, grouped and compared with what they said (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.visits.forms import as_typed
from services.portal.visits.views import client_of

REASONS: Final = {
    "Invoice Case": "The provider is expected to invoice for this care package, not to send visits.",
    "Reablement / Other Case": "Visits data is not required for this case.",
    "Ceased Care Package": "The care package has ended.",
    "Client Deceased": "The client has passed away.",
    "Client Has Gone Private": "The council is no longer involved with the case.",
    "Client In Hospital": "The visit is said to be delivered while the client was in hospital.",
    "Client In Respite Care": "The client has gone into planned respite care.",
    "Incorrect Data": "Data is missing, wrong or in the wrong format.",
    "Client Disputes Visits Data": "The client does not agree that the visit went ahead, or with the notice of its cancellation.",
    "Missing Comment": "A visit of this type needs a comment, above all an exceptional, undeliverable or cancelled one.",
}
"""The types of dispute, with what [003] says of each."""

OPEN: Final = ("In Dispute", "Resolution Requested")
STATES: Final = (*OPEN, "Resolved")
LETTERS: Final = {
    "": "The council has written in a dispute.",
    "ask_again": "The council has asked again in a dispute.",
    "resolve": "The council has resolved a dispute.",
    "withdraw_visits": "The council has resolved a dispute and withdrawn its visits.",
    "take_back": "The council has taken back a dispute.",
}
"""What a provider is told by e-mail, by the move that the council made."""
MOST_VISITS: Final = 200
WHAT_NOT: Final = ("OrganisationRef", "OrganisationName", "Deleted", "VisitRef")
"""Cells that tell nothing of a visit's own."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Week:
    """The week of a care package line item whose actual is in dispute."""

    cpli_id: int
    monday: dt.date


def visits_named(gateway: Gateway, caller: Caller, keys: Sequence[Sequence[str]]) -> list[Row]:
    """The visits of these (organisation id, VisitRef). Raises Refused ``not_found`` when one is not there."""
    found: list[Row] = gateway.ask("ingest", "visits_of_refs", caller, refs=[list(key) for key in keys])
    if len(found) < len({tuple(key) for key in keys}):
        raise Refused(
            "not_found", "One of these visits is not there. Go back to the visits and choose again."
        )
    return found


def on_visits(
    visits: Iterable[Row], *, seed: uuid.UUID, reason: str, words: str, one_each: bool = False
) -> list[Row]:
    """The disputes to raise on these visits: one for each client of a provider, or one for each visit.

    seed: the same ids follow from it, so that sending a form twice raises once.
    """
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for visit in visits:
        key = (visit["organisation_id"], client_of(visit), visit["ref"] if one_each else "")
        groups.setdefault(key, []).append(visit)
    return [
        {
            "case_id": str(uuid.uuid5(seed, "\n".join(key))),
            "organisation_id": key[0],
            "client_reference": key[1],
            "reason": reason,
            "words": words,
            "first_on": min(visit["planned_on"] for visit in group),
            "last_on": max(visit["planned_on"] for visit in group),
            "visits": [
                {
                    "visit_ref": visit["ref"],
                    **{name: visit[name] for name in ("version", "deleted", "values")},
                }
                for visit in group
            ],
        }
        for key, group in groups.items()
    ]


def on_week(
    gateway: Gateway, caller: Caller, week: Week, *, seed: uuid.UUID, reason: str, words: str
) -> list[Row]:
    """The dispute to raise on a week of a line item. Raises Refused ``not_found``."""
    item = gateway.ask("matching", "line_item", caller, cpli_id=week.cpli_id)
    client = item["client"]
    return [
        {
            "case_id": str(seed),
            "organisation_id": item["organisation_id"],
            "client_reference": client["ssref"] or client["client_ref"] or client["nhs_number"],
            "cpli_id": week.cpli_id,
            "monday": week.monday.isoformat(),
            "reason": reason,
            "words": words,
            "facts": {"actual": actual_of(gateway, caller, week)},
        }
    ]


def actual_of(gateway: Gateway, caller: Caller, week: Week) -> Row | None:
    """{"quantity", "cost"} of the week, hours and pounds as text; None when there is no actual."""
    monday = week.monday.isoformat()
    asked = {"cpli_ids": [week.cpli_id], "first": monday, "last": monday, "differences_only": False}
    found = gateway.ask("payments", "commissioned_actuals", caller, with_empty=True, **asked)
    return {name: found[0][name] for name in ("quantity", "cost")} if found else None


def with_present(gateway: Gateway, caller: Caller, found: Row) -> Row:
    """A dispute whose visits have ``cells``, as they are now, and ``changes`` since it was raised; or its ``actual``."""
    refs = [(found["organisation_id"], visit["visit_ref"]) for visit in found["visits"]]
    present: Iterable[Row] = gateway.ask("ingest", "visits_of_refs", caller, refs=refs) if refs else ()
    by_ref = {row["ref"]: row for row in present}
    for visit in found["visits"]:
        now = by_ref.get(visit["visit_ref"])
        was = visit.pop("snapshot")
        visit["was"] = was["values"]
        visit["cells"] = now["values"] if now else was["values"]
        visit["deleted"] = now is None or now["deleted"]
        visit["organisation"] = now["organisation"] if now else None
        visit["changes"] = [] if visit["deleted"] else changes(was["values"], visit["cells"])
    if found["facts"].get("monday"):
        week = Week(found["cpli_id"], dt.date.fromisoformat(found["facts"]["monday"]))
        found["actual"] = actual_of(gateway, caller, week)
    return found


def with_last_words(found: Row) -> Row:
    """A dispute with the last words of each side, as a list has them."""
    for side in ("council", "provider"):
        said = [one["words"] for one in found["messages"] if one["side"] == side and one["words"]]
        found[f"{side}_words"] = said[-1] if said else None
    return found


def identifiers_of(gateway: Gateway, caller: Caller, client: str | None) -> list[str] | None:
    """All identifiers by which a dispute may name this client; None for no client."""
    if not client:
        return None
    return [client, *gateway.ask("matching", "client_identifiers", caller, identifier=client)]


def raised_in_words(number: int, case_id: str) -> tuple[str, str]:
    """What a letter says of so many disputes, and the page that it leads to."""
    if number == 1:
        return "The council has raised a dispute.", f"/disputes/{case_id}"
    return f"The council has raised {number} disputes.", "/disputes"


def changes(was: Row, now: Row) -> list[tuple[str, str, str]]:
    """(heading, before, after) of each cell that differs, as people type it."""
    before, after = as_typed(was), as_typed(now)
    return [
        (name, before.get(name, ""), text)
        for name, text in after.items()
        if name not in WHAT_NOT and text != before.get(name, "")
    ]
