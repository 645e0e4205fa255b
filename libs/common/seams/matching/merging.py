"""Two clients who are one person (RULES 2)."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from libs.common.seams.events import WeekVisits

SaidVisit = list[str | int | None]
"""VisitRef, type, planned day, entry and exit in seconds of the day, delivered seconds."""


class Person(TypedDict):
    """A client by its id, name and identifiers."""

    client_id: str
    name: str
    ssref: str | None
    client_ref: str | None
    nhs_number: str | None


class ClientMerge(TypedDict):
    """Two clients who are one, or would be; why and by whom once they are."""

    state: Literal["preview", "merged"]
    client: Person
    into: Person
    reason: NotRequired[str]
    merged_by: NotRequired[str]


class ClientMergePreview(ClientMerge):
    """What a merge would do; no weeks once it was done."""

    weeks: list[WeekVisits]
