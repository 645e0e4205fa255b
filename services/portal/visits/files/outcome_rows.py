"""What became of an applied file's visits, one by one, as they stand now (RULES 4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from libs.common.seams.ingest.files import VisitsFile
from libs.common.seams.matching.matches import VisitOutcome
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.words import REASONS

PART: Final = 2_000
"""Visits that are asked about at once where all are looked through."""
MOST_PARTS: Final = 25
"""Parts that are looked through for a page: then it goes on from there."""
HEADINGS: Final = ("Row", "VisitRef", "Became", "CpliId", "Week", "Reason", "WhatToDo")

STATES: Final = {
    "matched": "Matched",
    "unmatched": "Unmatched",
    "deleted": "Deleted",
    "apart": "Set apart",
    "untried": "Not matched yet",
}
CHOICES: Final = STATES | {name: f"Unmatched: {reason.why}" for name, reason in REASONS.items()}
"""What a list can be limited to."""


class OutcomeRow(NamedTuple):
    """A row of the file, and what became of its visit."""

    row: int
    visit: VisitOutcome


@dataclass(frozen=True)
class OutcomeRows:
    """A page, and the row after which the next one begins; None at the end."""

    rows: list[OutcomeRow]
    after: int | None


@dataclass(frozen=True)
class Outcomes:
    """The outcomes of one applied file."""

    ingest: IngestClient
    matching: MatchingClient
    file: VisitsFile

    def page(self, *, became: str | None, after: int, limit: int) -> OutcomeRows:
        """So many visits after a row; of one kind or reason, else all. Raises Refused and ServiceUnavailable."""
        found: list[OutcomeRow] = []
        size = limit + 1 if became is None else PART
        for _ in range(MOST_PARTS):
            part = self.part(after, size)
            found += [one for one in part if is_of(one.visit, became)]
            if len(found) > limit:
                return OutcomeRows(found[:limit], found[limit - 1].row)
            if len(part) < size:
                return OutcomeRows(found, None)
            after = part[-1].row
        return OutcomeRows(found, after)

    def part(self, after: int, limit: int) -> list[OutcomeRow]:
        """All visits of so many rows."""
        named = self.ingest.visits_file_refs(file_id=self.file["id"], after=after, limit=limit)
        if not named:
            return []
        outcomes = self.matching.outcomes_of_visits(
            organisation_id=self.file["organisation_id"], refs=[one.visit_ref for one in named]
        )
        return [OutcomeRow(one.row, outcome) for one, outcome in zip(named, outcomes, strict=True)]

    def csv(self, became: str | None) -> Iterator[str]:
        """All of them as CSV, part by part."""
        yield csv_part([HEADINGS])
        after = 0
        while part := self.part(after, PART):
            yield csv_part(_cells(one) for one in part if is_of(one.visit, became))
            after = part[-1].row


def is_of(visit: VisitOutcome, became: str | None) -> bool:
    """Whether a visit is of the kind, or unmatched for the reason, that is asked for."""
    return became in (None, visit.became, visit.reason)


def _cells(one: OutcomeRow) -> tuple[object, ...]:
    visit = one.visit
    reason = REASONS[visit.reason] if visit.reason else None
    return (
        one.row,
        visit.visit_ref,
        STATES[visit.became],
        visit.cpli_id or "",
        visit.monday or "",
        reason.why if reason else "",
        reason.what_to_do if reason else "",
    )
