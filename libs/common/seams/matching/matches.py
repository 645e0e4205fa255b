"""Visits and what they are matched to, or why to nothing (RULES 5)."""

from __future__ import annotations

from typing import NamedTuple, TypedDict


class VisitMatch(NamedTuple):
    """A visit by organisation and VisitRef, the version that was matched, and its CPLI or the reason why it has none.

    Neither of both while it is set apart.
    """

    organisation_id: str
    visit_ref: str
    version: int
    cpli_id: int | None
    reason: str | None


class UnmatchedMatch(NamedTuple):
    """A visit without a match, as `VisitMatch`, with the day for which it is planned."""

    organisation_id: str
    visit_ref: str
    version: int
    cpli_id: int | None
    reason: str | None
    planned_on: str


class MatchedWeek(NamedTuple):
    """A visit by organisation and VisitRef, and the week of the CPLI that it counts for."""

    organisation_id: str
    visit_ref: str
    cpli_id: int
    monday: str


class WeekOfVisits(NamedTuple):
    """A CPLI's week, and how many of the visits that were asked about count for it."""

    cpli_id: int
    monday: str
    visits: int


class NotMatched(NamedTuple):
    """A visit without a match: the reason, or None for one that is set apart or was not tried yet."""

    visit_ref: str
    reason: str | None
    is_apart: bool


class VisitOutcome(NamedTuple):
    """What became of a visit, as it stands now.

    ``became``: ``matched`` (to a CPLI, in the week of ``monday``), ``unmatched`` (with the reason), ``deleted``, ``apart``
    or ``untried``.
    """

    visit_ref: str
    became: str
    cpli_id: int | None
    monday: str | None
    reason: str | None


class VisitOutcomes(TypedDict):
    """What became of some visits, each counted once.

    ``weeks``: those for which the matched ones count. ``apart``: what matching has set apart; ``untried``: what it has
    not heard of, or not matched yet. ``not_matched``: the first of those without a match.
    """

    weeks: list[WeekOfVisits]
    unmatched: dict[str, int]
    deleted: int
    apart: int
    untried: int
    not_matched: list[NotMatched]


class MatchCounts(TypedDict):
    """How many visits are matched, and how many are not, by reason."""

    matched: int
    unmatched: dict[str, int]


class UnmatchedCounts(TypedDict):
    """How many visits have no match, by reason and by name of the organisation; most first."""

    reasons: list[tuple[str, int]]
    organisations: list[tuple[str, int]]


class UnmatchedWorth(NamedTuple):
    """A visit without a match, and about what it would come to in pounds."""

    organisation_id: str
    visit_ref: str
    amount: str


class UnmatchedMoney(TypedDict):
    """Visits of an organisation without a match, and about what they would come to in pounds."""

    number: int
    amount: str
