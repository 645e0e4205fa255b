"""Concerns and breach notices as the faces show them: with names, and with what they are about."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TypedDict

from flask import url_for

from libs.common.errors import Refused
from libs.common.seams.disputes.concerns import (
    AnsweredNotice,
    BreachNotice,
    Concern,
    ConcernGroup,
    ConcernWithSteps,
    NoticeVisit,
)
from libs.common.seams.ingest.visits import Visit
from services.portal.casework.cases.views import Names, find_names, reference_of
from services.portal.visits.views import client_of
from services.portal.web import access
from services.portal.web.access import caller
from services.portal.web.calls import disputes, gateway, ingest, matching
from services.portal.web.names.organisations import id_of
from services.portal.web.names.people import names_of

_OF_NOTICES = {
    "planned_on": "PlannedVisitDate",
    "planned_entry": "PlannedEntryTime",
    "planned_exit": "PlannedExitTime",
    "delivered_on": "DeliveredVisitDate",
    "delivered_entry": "DeliveredEntryTime",
    "delivered_exit": "DeliveredExitTime",
}
"""The facts of a visit in a breach notice, by its cells."""


class NamedConcern(Concern, Names):
    """A concern of a list, with names."""


class NamedNotice(BreachNotice, Names):
    """A breach notice of a list, with names."""


class ShownNotice(AnsweredNotice, Names):
    """A breach notice with names, and those of who sent and answered it, by their ids."""

    people: dict[str, str]


class ShownConcern(ConcernWithSteps, Names):
    """A concern with names, its visits as they are now, and the page of what it was raised from."""

    people: dict[str, str]
    shown_visits: list[Visit]
    about_page: str | None


class AboutConcern(TypedDict):
    """Whom and what a concern is about, as disputes is told."""

    organisation_id: str
    client_reference: str
    cpli_id: int | None
    visits: list[str]


def name_concerns(found: Sequence[Concern]) -> list[NamedConcern]:
    """Concerns of a list with names."""
    names = find_names(found)
    return [{**row, **names.of(row)} for row in found]


def name_notices(found: Sequence[BreachNotice]) -> list[NamedNotice]:
    """Breach notices of a list with names."""
    names = find_names(found)
    return [{**row, **names.of(row)} for row in found]


def find_shown_concern(concern_id: uuid.UUID) -> ShownConcern:
    """A concern as its page shows it. Raises Refused ``not_found``."""
    found = disputes().concern(concern_id=concern_id)
    answers = [answer["said_by"] for notice in found["notices"] for answer in notice["answers"]]
    steps = [step["done_by"] for step in found["steps"]]
    return {
        **found,
        **find_names([found]).of(found),
        "people": names_of(access.the_parts(), access.account(), [found["raised_by"], *steps, *answers]),
        "shown_visits": find_visits(found["organisation_id"], found["visits"]),
        "about_page": _page_of_about(found),
    }


def find_shown_notice(notice_id: uuid.UUID) -> ShownNotice:
    """A breach notice as its page shows it. Raises Refused ``not_found``."""
    found = disputes().breach_notice(notice_id=notice_id)
    people = [found["sent_by"], *(answer["said_by"] for answer in found["answers"])]
    return {
        **found,
        **find_names([found]).of(found),
        "people": names_of(access.the_parts(), access.account(), people),
    }


def find_visits(organisation_id: str, refs: Sequence[str]) -> list[Visit]:
    """Those of a provider's visits that are there, in the order in which they are named."""
    if not refs:
        return []
    found = ingest().visits_of_refs(refs=[(organisation_id, ref) for ref in refs])
    by_ref = {visit["ref"]: visit for visit in found}
    return [by_ref[ref] for ref in refs if ref in by_ref]


def visits_of_notice(organisation_id: str, refs: Sequence[str]) -> list[NoticeVisit]:
    """Visits with their times as they are now, as a breach notice lists them."""
    found: list[NoticeVisit] = []
    for visit in find_visits(organisation_id, refs):
        cells = {name: visit["values"].get(heading, "") for name, heading in _OF_NOTICES.items()}
        found.append({"visit_ref": visit["ref"], **cells})  # type: ignore[typeddict-item]
    return found


def find_about(
    organisation: str, client: str = "", cpli_id: int | None = None, refs: Sequence[str] = ()
) -> AboutConcern:
    """Whom and what a concern is about. Raises Refused, with its field, for what there is not or fits not together."""
    organisation_id = id_of(gateway(), caller(), organisation)
    if organisation_id is None:
        raise Refused("organisation_wanted", "Choose a provider", {"field": "organisation"})
    if cpli_id is not None:
        item = matching().line_item(cpli_id=cpli_id)
        if id_of(gateway(), caller(), item["organisation"]) != organisation_id:
            sentence = "This care package line item is another provider’s"
            raise Refused("another_provider", sentence, {"field": "cpli_id"})
        client = client or reference_of(item["client"])
    if client and not matching().client_identifiers(identifier=client):
        raise Refused("unknown_client", "No client is known by this reference", {"field": "client"})
    visits = {visit["ref"]: visit for visit in find_visits(organisation_id, refs)}
    for ref in refs:
        if ref not in visits:
            sentence = f"The provider has no visit with the VisitRef {ref}"
            raise Refused("unknown_visit", sentence, {"field": "visits"})
    clients = {client_of(visit) for visit in visits.values()}
    return {
        "organisation_id": organisation_id,
        "client_reference": client or (clients.pop() if len(clients) == 1 else ""),
        "cpli_id": cpli_id,
        "visits": list(refs),
    }


def place_of(row: Concern) -> tuple[str, str]:
    """Where a concern stands in a list."""
    return row["raised_at"], row["concern_id"]


def group_names(groups: Sequence[ConcernGroup]) -> dict[str, str]:
    """The names of groups by their ids, as lists to choose from have them."""
    return {group["group_id"]: group["name"] for group in groups}


def _page_of_about(found: ConcernWithSteps) -> str | None:
    """The page of what a concern was raised from."""
    kind, about = found["about_kind"], found["about_id"]
    try:
        if kind == "dispute":
            return url_for("disputes.one", case_id=uuid.UUID(about))
        if kind == "charge_query":
            return url_for("charges.statement", client_id=uuid.UUID(about))
    except ValueError:
        return None
    return None
