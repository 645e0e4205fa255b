"""Doubts as the council's faces show, raise and dismiss them (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypedDict

from libs.common.casework.doubts import MOST_AT_ONCE, PROPOSED
from libs.common.seams.disputes.doubts import Doubt, DoubtedVisit, DoubtGroup, RaisedDoubts
from libs.common.seams.ingest.visits import Visit
from services.portal.audit.telling import tell
from services.portal.audit.things import Thing
from services.portal.casework.cases.views import Names
from services.portal.casework.disputes.raising import tell_of_doubts_raised
from services.portal.casework.worklist.words import chosen_in_words, evidence_in_words, group_in_words
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, ingest
from services.portal.web.names.clients import client_names
from services.portal.web.names.organisations import names_by_id

REFS_A_CALL = 1_000


class NamedDoubt(Doubt):
    """A doubt with its provider's name."""

    organisation: str


class ShownDoubt(Doubt, Names):
    """A doubt with names, and with what it is seen by, in words."""

    seen_by: list[str]


class Chosen(NamedTuple):
    """Doubts that are settled at once; has_more: whether more were chosen than can be."""

    rows: list[Doubt]
    has_more: bool


class ShownGroup(TypedDict):
    """A group of doubts, the first of them with names, and in words what all come to."""

    group: DoubtGroup
    doubt: ShownDoubt
    in_all: list[str]


def name_doubts(doubts: Sequence[Doubt]) -> list[NamedDoubt]:
    """Doubts with the names of their providers."""
    by_id = names_by_id(gateway(), (row["organisation_id"] for row in doubts))
    return [{**row, "organisation": by_id.get(row["organisation_id"], "")} for row in doubts]


def show_doubts(doubts: Sequence[Doubt]) -> list[ShownDoubt]:
    """Doubts as tables show them."""
    names = client_names(gateway(), caller(), (row["client_reference"] for row in doubts))
    return [
        {
            **row,
            "client": names.get(row["client_reference"], ""),
            "seen_by": evidence_in_words(row["kind"], row["evidence"]),
        }
        for row in name_doubts(doubts)
    ]


def show_groups(groups: Sequence[DoubtGroup]) -> list[ShownGroup]:
    """Groups of doubts as the list shows them."""
    firsts = show_doubts([group["first"] for group in groups])
    return [
        {"group": group, "doubt": first, "in_all": group_in_words(group)}
        for group, first in zip(groups, firsts, strict=True)
    ]


def find_chosen(doubt_ids: Sequence[str], group_ids: Sequence[str], week: dt.date) -> Chosen:
    """These doubts, and what is proposed in these groups of a week, as they are now."""
    found: dict[str, Doubt] = {}
    if group_ids:
        of_groups = disputes().doubts(
            week=week, group_ids=group_ids, states=[PROPOSED], limit=MOST_AT_ONCE + 1
        )
        found = {row["doubt_id"]: row for row in of_groups}
    if doubt_ids:
        found |= {row["doubt_id"]: row for row in disputes().doubts_chosen(doubt_ids=doubt_ids)}
    rows = list(found.values())
    return Chosen(rows[:MOST_AT_ONCE], len(rows) > MOST_AT_ONCE)


def count_together(rows: Sequence[ShownDoubt]) -> list[str]:
    """What chosen doubts come to, a line for each group: what they are, of whom, how many on how many days."""
    groups: dict[str, list[ShownDoubt]] = {}
    for row in rows:
        groups.setdefault(row["group_id"], []).append(row)
    return [chosen_in_words(of_group) for of_group in groups.values()]


def raise_doubts(doubts: Sequence[Doubt], words: Mapping[str, str], *, seed: uuid.UUID) -> RaisedDoubts:
    """Have these doubts raised, with what their visits say now, and tell their providers.

    seed: the form's id; sent twice it raises once. Raises Refused ``not_found``.
    """
    refs = sorted({(row["organisation_id"], ref) for row in doubts for ref in row["visits"]})
    done = disputes().raise_doubts(
        seed=seed,
        doubt_ids=[row["doubt_id"] for row in doubts],
        words=dict(words),
        visits=_find_visits(refs),
    )
    tell(
        outcome=f"{len(done['disputes'])} raised, {len(done['left'])} left",
        about=(Thing("case_id", one["case_id"]) for one in done["disputes"]),
    )
    tell_of_doubts_raised(done["disputes"])
    return done


def _find_visits(refs: Sequence[tuple[str, str]]) -> list[DoubtedVisit]:
    """What these visits (organisation id, VisitRef) say now, as far as they are there."""
    saying: list[Visit] = []
    for first in range(0, len(refs), REFS_A_CALL):
        saying += ingest().visits_of_refs(refs=refs[first : first + REFS_A_CALL])
    return [
        {
            "organisation_id": one["organisation_id"],
            "visit_ref": one["ref"],
            "version": one["version"],
            "deleted": one["deleted"],
            "values": one["values"],
        }
        for one in saying
    ]
