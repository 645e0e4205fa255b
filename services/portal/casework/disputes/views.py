"""Disputes as the faces show them: their visits compared with what they said, or the actual of their week (RULES 9)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Final, TypedDict

from libs.common.errors import Refused
from libs.common.seams.disputes.cases import CaseWithMessages
from libs.common.seams.disputes.disputes import Dispute, DisputedVisit
from libs.common.seams.disputes.facts import WeekActual
from libs.common.seams.ingest.actuals import ActualDocument
from libs.common.seams.ingest.visits import Visit
from services.portal.casework.cases.views import Names, find_names, find_people
from services.portal.casework.disputes.doubted import Doubted, doubts_in_words
from services.portal.casework.disputes.raising import Week, find_actual
from services.portal.visits.forms import as_typed
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, ingest
from services.portal.web.names.clients import identifiers_of

WHAT_NOT: Final = ("OrganisationRef", "OrganisationName", "Deleted", "VisitRef")
"""Cells that tell nothing of a visit's own."""

Cells = Mapping[str, str]
"""What a visit says, by heading."""


class PresentVisit(TypedDict):
    """A visit in dispute: its cells now, what they were, and each (heading, before, after) that changed since.

    organisation: none when the visit is not there any more.
    """

    visit_ref: str
    was: Cells
    cells: Cells
    deleted: bool
    organisation: str | None
    changes: list[tuple[str, str, str]]


class ShownDispute(CaseWithMessages, Names):
    """A dispute with its visits as they are now, or with the ``actual`` of its week, and with names.

    doubted: what it was raised on. entered: the week of one on care that is paid by actuals.
    """

    doubted: list[Doubted]
    visits: list[PresentVisit]
    actual: WeekActual | None
    entered: ActualDocument | None
    people: dict[str, str]


def find_shown_dispute(case_id: uuid.UUID) -> ShownDispute:
    """A dispute as its page shows it. Raises Refused ``not_found``."""
    found = disputes().dispute(case_id=case_id)
    people, names = find_people(found), find_names([found]).of(found)
    visits, actual = find_present_visits(found), find_present_actual(found)
    return {
        **found,
        **names,
        "doubted": doubts_in_words(found["facts"]),
        "visits": visits,
        "actual": actual,
        "entered": find_entered(found),
        "people": people,
    }


def find_present_visits(found: Dispute) -> list[PresentVisit]:
    """The visits of a dispute as they are now, and as they were when it was raised."""
    refs = [(found["organisation_id"], visit["visit_ref"]) for visit in found["visits"]]
    present = ingest().visits_of_refs(refs=refs) if refs else []
    by_ref = {row["ref"]: row for row in present}
    return [_present_visit(visit, by_ref.get(visit["visit_ref"])) for visit in found["visits"]]


def _present_visit(visit: DisputedVisit, now: Visit | None) -> PresentVisit:
    was = visit["snapshot"]["values"]
    cells: Cells = now["values"] if now else was
    is_deleted = now is None or now["deleted"]
    return {
        "visit_ref": visit["visit_ref"],
        "was": was,
        "cells": cells,
        "deleted": is_deleted,
        "organisation": now["organisation"] if now else None,
        "changes": [] if is_deleted else list_changes(was, cells),
    }


def find_present_actual(found: Dispute) -> WeekActual | None:
    """What the week of a dispute comes to now; nothing for one about visits."""
    monday, cpli_id = found["facts"].get("monday"), found["cpli_id"]
    if not monday or cpli_id is None:
        return None
    return find_actual(Week(cpli_id, dt.date.fromisoformat(monday)))


def find_entered(found: Dispute) -> ActualDocument | None:
    """The week of a dispute as it is entered; nothing for one on care that is not paid by actuals."""
    monday, cpli_id = found["facts"].get("monday"), found["cpli_id"]
    if not monday or cpli_id is None:
        return None
    try:
        return ingest().actual(cpli_id=cpli_id, monday=monday)
    except Refused as refused:
        if refused.code != "not_found":
            raise
        return None


def last_words(found: CaseWithMessages, side: str) -> str | None:
    """The last words of a side, as a list has them."""
    said = [one["words"] for one in found["messages"] if one["side"] == side and one["words"]]
    return said[-1] if said else None


def find_identifiers(client: str | None) -> list[str] | None:
    """All identifiers by which a dispute may name this client; None for no client."""
    return identifiers_of(gateway(), caller(), client)


def list_changes(was: Cells, now: Cells) -> list[tuple[str, str, str]]:
    """(heading, before, after) of each cell that differs, as people type it."""
    before, after = as_typed(was), as_typed(now)
    return [
        (name, before.get(name, ""), text)
        for name, text in after.items()
        if name not in WHAT_NOT and text != before.get(name, "")
    ]
