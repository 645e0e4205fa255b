"""Disputes as the faces raise them: visits gathered and grouped, or a week with its actual; providers are told (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import url_for

from libs.common.casework.cases import DISPUTE
from libs.common.errors import Refused
from libs.common.seams.disputes.disputes import DisputeToRaise
from libs.common.seams.disputes.doubts import DisputeOfDoubts
from libs.common.seams.disputes.facts import Figures, WeekActual
from libs.common.seams.ingest.visits import Visit
from libs.common.seams.payments.reports import Compared
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.casework.cases.kinds import address_of
from services.portal.casework.cases.letters import tell_providers
from services.portal.casework.cases.views import reference_of
from services.portal.casework.disputes.doubted import days_in_words, letter_lines
from services.portal.visits.views import client_of
from services.portal.web import formats
from services.portal.web.calls import disputes, ingest, matching, payments

MOST_VISITS: Final = 200
MOST_TOLD: Final = 10
"""Disputes of one letter that are told of singly."""

VisitKey = tuple[str, str]
"""(organisation id, VisitRef)"""


class ToldDispute(NamedTuple):
    """A dispute of which its provider is told, with its lines of the letter."""

    organisation_id: str
    case_id: str
    lines: list[str]


class Wanted(NamedTuple):
    """What is said of disputes that are to be raised. seed: their ids follow from it, so that a form sent twice raises once."""

    seed: uuid.UUID
    reason: str
    words: str


@dataclass(frozen=True)
class Week:
    """The week of a care package line item whose actual is in dispute."""

    cpli_id: int
    monday: dt.date


def find_visits(keys: Sequence[VisitKey]) -> list[Visit]:
    """The visits of these keys. Raises Refused ``not_found`` when one is not there."""
    found = ingest().visits_of_refs(refs=keys)
    if len(found) < len(set(keys)):
        raise Refused(
            "not_found", "One of these visits is not there. Go back to the visits and choose again."
        )
    return found


def disputes_on_visits(
    visits: Iterable[Visit], wanted: Wanted, *, one_each: bool = False
) -> list[DisputeToRaise]:
    """The disputes to raise on these visits: one for each client of a provider, or one for each visit."""
    groups: dict[tuple[str, str, str], list[Visit]] = {}
    for visit in visits:
        key = (visit["organisation_id"], client_of(visit), visit["ref"] if one_each else "")
        groups.setdefault(key, []).append(visit)
    return [
        {
            "case_id": str(uuid.uuid5(wanted.seed, "\n".join(key))),
            "organisation_id": key[0],
            "client_reference": key[1],
            "reason": wanted.reason,
            "words": wanted.words,
            "first_on": min(visit["planned_on"] for visit in group),
            "last_on": max(visit["planned_on"] for visit in group),
            "visits": [
                {
                    "visit_ref": visit["ref"],
                    "version": visit["version"],
                    "deleted": visit["deleted"],
                    "values": visit["values"],
                }
                for visit in group
            ],
        }
        for key, group in groups.items()
    ]


def find_dispute_on_week(week: Week, wanted: Wanted) -> DisputeToRaise:
    """The dispute to raise on a week of a line item. Raises Refused ``not_found``."""
    item = matching().line_item(cpli_id=week.cpli_id)
    return {
        "case_id": str(wanted.seed),
        "organisation_id": item["organisation_id"],
        "client_reference": reference_of(item["client"]),
        "cpli_id": week.cpli_id,
        "monday": week.monday.isoformat(),
        "reason": wanted.reason,
        "words": wanted.words,
        "facts": {"actual": find_actual(week)},
    }


def find_actual(week: Week) -> WeekActual | None:
    """What a week comes to, hours and pounds as text; None when there is no actual."""
    monday = week.monday.isoformat()
    found = payments().commissioned_actuals(
        cpli_ids=[week.cpli_id], first=monday, last=monday, with_empty=True, differences_only=False
    )
    return {"quantity": _figures(found[0]["quantity"]), "cost": _figures(found[0]["cost"])} if found else None


def _figures(of: Compared) -> Figures:
    return {
        "commissioned": of["commissioned"],
        "actual": of["actual"],
        "frustrated": of["frustrated"],
        "difference": of["difference"],
    }


def raise_disputes(wanted: Sequence[DisputeToRaise]) -> None:
    """Raise all of these, or none, and tell their providers. Raises Refused ``already_disputed``."""
    disputes().raise_disputes(disputes=wanted)
    tell(about=(Thing("case_id", one["case_id"]) for one in wanted))
    _tell_of_raised([ToldDispute(one["organisation_id"], one["case_id"], [_when(one)]) for one in wanted])


def tell_of_doubts_raised(raised: Sequence[DisputeOfDoubts]) -> None:
    """One letter to each provider of disputes that were raised on doubts, once."""
    _tell_of_raised(
        [
            ToldDispute(one["organisation_id"], one["case_id"], letter_lines(one["reason"], one["doubts"]))
            for one in raised
        ]
    )


def _when(dispute: DisputeToRaise) -> str:
    """A dispute in a letter: its reason, and the days or the week that it is about."""
    if "monday" in dispute:
        return f"{dispute['reason']}, {formats.week(dispute['monday'])}"
    return f"{dispute['reason']}, {days_in_words(dispute['first_on'], dispute['last_on'])}"


def _tell_of_raised(raised: Iterable[ToldDispute]) -> None:
    """One letter to each provider of these disputes, once."""
    of_each: dict[str, list[ToldDispute]] = defaultdict(list)
    for one in raised:
        of_each[one.organisation_id].append(one)
    for organisation_id, told in of_each.items():
        first = min(one.case_id for one in told)  # the same one whenever these are told of
        sentence, path = raised_in_words(len(told), first)
        lines = [line for one in told[:MOST_TOLD] for line in one.lines]
        if len(told) > MOST_TOLD:
            lines.append(f"and {formats.counted(len(told) - MOST_TOLD, 'other dispute')}")
        tell_providers(DISPUTE, [organisation_id], sentence, path, about=first, lines=lines)


def raised_in_words(number: int, case_id: str) -> tuple[str, str]:
    """What a letter says of so many disputes, and the page that it leads to."""
    if number == 1:
        return "The council has raised a dispute.", address_of(DISPUTE, case_id)
    return f"The council has raised {number} disputes.", url_for("disputes.disputes")
