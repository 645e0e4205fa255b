"""What of a provider's rows fits nothing, put together from what ingest and matching know (RULES 16)."""

from __future__ import annotations

from typing import Final, NamedTuple, TypedDict

from libs.common.seams.ingest.cleansing import Cleansing
from libs.common.seams.matching.monitoring.cleansing import NearClient
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient

KINDS: Final = {
    "clients": "References of clients",
    "levels": "Service levels",
    "services": "Services",
    "carers": "Carers",
}
"""What rows name, in the order in which it is shown."""


class RowsAsked(TypedDict):
    """The rows of a file, or those planned between two days, of one organisation."""

    organisation: str | None
    file_id: str | None
    first: str | None
    last: str | None


class Misfit(TypedDict):
    """What rows name and nothing fits: of how many visits, and what is nearest, names of clients beside their references.

    is_elsewhere: a client's reference is that of one who has care with others; said to the council alone.
    """

    kind: str
    written: str
    visits: int
    nearest: list[NearClient]
    is_elsewhere: bool


class Found(NamedTuple):
    """Of one organisation, by kind and then most visits first."""

    organisation: str
    misfits: list[Misfit]
    is_complete: bool


def list_misfits(ingest: IngestClient, matching: MatchingClient, asked: RowsAsked) -> Found:
    """All that fits nothing. Raises Refused ``not_found`` and ``organisation_wanted``."""
    found: Cleansing = ingest.cleansing(**asked)
    visits = {(one["mark"], one["written"]): one["visits"] for one in found["clients"]}
    unknown = (
        matching.unknown_clients(organisation=found["organisation"], written=sorted(visits)) if visits else []
    )
    misfits: list[Misfit] = [
        {
            "kind": "clients",
            "written": one["written"],
            "visits": visits[one["mark"], one["written"]],
            "nearest": one["nearest"],
            "is_elsewhere": one["is_elsewhere"],
        }
        for one in unknown
    ]
    misfits = sorted(_merged(misfits), key=_by_visits)
    misfits += [
        {
            "kind": one["kind"],
            "written": one["written"],
            "visits": one["visits"],
            "nearest": [{"reference": near, "name": ""} for near in one["nearest"]],
            "is_elsewhere": False,
        }
        for one in found["misfits"]
    ]
    return Found(found["organisation"], misfits, found["is_complete"])


def _by_visits(one: Misfit) -> tuple[int, str]:
    return -one["visits"], one["written"]


def _merged(misfits: list[Misfit]) -> list[Misfit]:
    """Each writing once: accepted rows know of which kind a client's reference is, rejected ones don't."""
    found: dict[tuple[str, str], Misfit] = {}
    for one in misfits:
        key = (one["kind"], one["written"])
        if key in found:
            before = found[key]
            found[key] = {**before, "visits": before["visits"] + one["visits"]}
        else:
            found[key] = one
    return list(found.values())
