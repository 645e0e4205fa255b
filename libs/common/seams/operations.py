"""What every service says about its own work."""

from __future__ import annotations

from typing import TypedDict


class WhyApart(TypedDict):
    """Why a thing is set apart, and since when; `key` is what a service calls a thing of this kind."""

    kind: str
    key: str
    reason: str
    since: str


class SetApart(WhyApart):
    """A thing that is set apart; `event`: what would be said again to try it, empty where nothing is."""

    id: str
    event: str
    tried_at: str


class ProgressCounts(TypedDict):
    """How many messages a service counted, by event; `dead`: those of the buried that lie in the dead letters;
    `discarded`: why others of them were discarded, the newest first."""

    emitted: dict[str, int]
    received: dict[str, int]
    buried: dict[str, int]
    dead: dict[str, int]
    discarded: list[str]


class Buried(TypedDict):
    """A dead letter as the service knows it that should have heard it; `discarded_by` None while it lies there."""

    id: str
    queue: str
    event: str
    cause_id: str | None
    reason: str
    died_at: str
    bytes: int
    discarded_by: str | None
    discarded_for: str | None
    discarded_at: str | None
