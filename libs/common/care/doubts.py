"""What visits data may be doubted for (RULES 9): the same words in the services that find doubts and the one that keeps
them. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from libs.common.seams.events import DoubtFound

INCORRECT_DATA: Final = "Incorrect Data"
REASONS: Final = {
    "missing_comment": "Missing Comment",
    "far_from_plan": INCORRECT_DATA,
    "carer_overlap": INCORRECT_DATA,
    "hospital_visit": "Client In Hospital",
    "in_hospital": "Client In Hospital",
    "in_respite": "Client In Respite Care",
    "deceased": "Client Deceased",
    "gone_private": "Client Has Gone Private",
    "continuing_health_care": INCORRECT_DATA,
    "away": INCORRECT_DATA,
    "after_end": "Ceased Care Package",
    "visits_not_required": "Reablement / Other Case",
    "invoice_case": "Invoice Case",
    "more_carers": INCORRECT_DATA,
    "extra_visit": INCORRECT_DATA,
    "planned_week": INCORRECT_DATA,
    "actual_differs": INCORRECT_DATA,
}
"""Every kind of doubt, and the type of dispute that is raised about it."""
SAMPLED: Final = "sampled"
"""The kind of what was picked to be looked at, without any doubt."""
KINDS: Final = tuple(REASONS)
OF_SINGLE_VISITS: Final = ("missing_comment", "far_from_plan", "extra_visit", "more_carers")
"""Kinds that hold a single visit against its plan: silent for one diary, of which only the week's hours are planned
(RULES 16). What a carer or the client's circumstances make impossible stays doubtful."""

PROPOSED, GONE, RAISED, DISMISSED = "proposed", "gone", "raised", "dismissed"
STATES: Final = (PROPOSED, DISMISSED, RAISED, GONE)
"""How a doubt stands: waiting for somebody, dismissed for good, raised as a dispute, no longer shown by the data."""
MOST_AT_ONCE: Final = 200
"""Doubts that are raised or dismissed, and weeks that are picked, by one form."""
LONGEST_WHY: Final = 1_000
LONGEST_SEED: Final = 50

_IDS: Final = uuid.UUID("5b0b8e0e-6a52-4b43-9d3c-3f0f6c1f2a57")
_CAUSES: Final = uuid.UUID("2f0e7a60-6a3a-4a0b-8c53-7c1f6f7f0b1d")


def cause_of_looks(monday: date) -> str:
    """The cause of every look at a week, whoever asks for it: so what is counted of looks does not grow."""
    return str(uuid.uuid5(_CAUSES, monday.isoformat()))


class Limits(NamedTuple):
    """From when on a difference is doubted; smaller ones are everyday.

    away_seconds: between planned and delivered entry. week_seconds: between a planned week and the CPLI's hours, which
    are written with two decimals. actual_seconds and actual_share: both, between a week's planned and delivered time.
    """

    away_seconds: int = 3600
    week_seconds: int = 60
    actual_seconds: int = 3600
    actual_share: float = 0.1


LIMITS: Final = Limits()


class Doubt(NamedTuple):
    """Something that a week's data shows: about visits of one client, or about a CPLI's week.

    client: the reference, never a name. evidence: what it is seen by, for the council alone. beside: what else tells
    it from others of its kind, such as the visit of another organisation.
    """

    kind: str
    client: str
    visits: tuple[str, ...]
    cpli_id: int | None
    first_on: date
    last_on: date
    evidence: Mapping[str, Any]
    beside: str = ""

    def as_said(self, organisation_id: str) -> DoubtFound:
        """As ``doubts_found`` carries it."""
        return {
            "doubt_id": str(self.id_with(organisation_id)),
            "kind": self.kind,
            "client": self.client,
            "visits": list(self.visits),
            "cpli_id": self.cpli_id,
            "first_on": self.first_on.isoformat(),
            "last_on": self.last_on.isoformat(),
            "evidence": dict(self.evidence),
        }

    def id_with(self, organisation_id: str) -> uuid.UUID:
        """The same for the same doubt, whenever and however often it is found: kind and visits, or the CPLI's week."""
        about = self.visits or (str(self.cpli_id), self.first_on.isoformat())
        return uuid.uuid5(_IDS, "\n".join((organisation_id, self.kind, *about, self.beside)))
