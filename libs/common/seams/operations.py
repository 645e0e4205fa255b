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
    """How many messages a service counted, by event; `dead`: those of the buried that lie in the dead letters."""

    emitted: dict[str, int]
    received: dict[str, int]
    buried: dict[str, int]
    dead: dict[str, int]
