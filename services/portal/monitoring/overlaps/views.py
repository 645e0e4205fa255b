"""Pairs of visits in which one carer is in two places at once, with the money at stake (RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final, NamedTuple, TypedDict

from libs.common.errors import Refused
from libs.common.files.values import parse_date
from libs.common.seams.ingest.overlaps import Overlap
from libs.common.seams.matching.monitoring.overlaps import Stake
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.web.cursors import NO_CURSOR

A_DAY, A_WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
SIGNS: Final = {
    "ended_together": "Ended together",
    "too_long": "Too long",
}
"""Why the first visit of a pair looks as if it was left running."""

Place = list[Any]
"""The first day that is still to be looked at, and the ``place`` of the last pair of that week, or nothing."""


class Limits(TypedDict):
    """What is looked for; None and False limit nothing."""

    organisation: str | None
    carer: str | None
    where: str | None
    is_left_running: bool


class Found(NamedTuple):
    """A pair and what it puts at stake."""

    pair: Overlap
    stake: Stake | None


def list_overlaps(
    ingest: IngestClient,
    matching: MatchingClient,
    limits: Limits,
    first: dt.date,
    last: dt.date,
    place: Place | None,
    limit: int,
) -> tuple[list[Found], Place | None]:
    """About so many pairs of the days between, after a place, and the place after them.

    Week by week, as ingest looks at one at a time. Raises Refused ``bad_query`` for a place outside of the days.
    """
    day = _begun_at(place, first, last) if place else first
    after: list[Any] | None = (place[1] or None) if place else None
    found: list[Found] = []
    while True:
        until = min(day + A_WEEK - A_DAY, last)
        pairs = ingest.overlapping_visits(
            **limits, first=day.isoformat(), last=until.isoformat(), after=after, limit=limit
        )
        found += _with_stakes(matching, pairs)
        if len(pairs) == limit:
            return found, [day.isoformat(), pairs[-1]["place"]]
        if until == last:
            return found, None
        day, after = until + A_DAY, None
        if len(found) >= limit:
            return found, [day.isoformat(), []]


def _begun_at(place: Place, first: dt.date, last: dt.date) -> dt.date:
    """The day of a cursor; it is one of those asked for. Raises Refused ``bad_query``."""
    day = parse_date(place[0])
    if day is None or not first <= day <= last:
        raise Refused(*NO_CURSOR)
    return day


def _with_stakes(matching: MatchingClient, pairs: list[Overlap]) -> list[Found]:
    """These pairs with the money at stake, which is asked for all of them at once."""
    if not pairs:
        return []
    stakes = matching.overlap_stakes(
        pairs=[
            {
                "first": (pair["visits"][0]["organisation_id"], pair["visits"][0]["ref"]),
                "second": (pair["visits"][1]["organisation_id"], pair["visits"][1]["ref"]),
                "seconds": pair["seconds"],
            }
            for pair in pairs
        ]
    )
    return [Found(pair, stake) for pair, stake in zip(pairs, stakes, strict=True)]
