"""What became of the visits that a file stored or deleted: asked of the services, never worked out from the check
(RULES 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.rpc import Caller
from libs.common.seams.ingest.files import VisitsFile
from libs.common.seams.matching.matches import NotMatched, VisitOutcomes, WeekOfVisits
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient

A_PAGE: Final = 10_000
MOST: Final = 50_000
"""Visits that are looked through for a page; a file may have ten times as many."""
NAMED: Final = 50

TOO_MANY: Final = (
    f"The file changed more than {MOST:,} visits, which are too many to be looked through for this page."
)
FORGOTTEN: Final = "Which visits the file changed is kept for seven days after its update."
AWAY: Final = "What became of each visit can’t be asked just now."


@dataclass
class Outcomes:
    """What became of a file's visits, each counted once, as they stand now.

    matched: also those whose week is `not_priced`, None where payments can't be asked. not_matched: the first of those
    without a match. untold: why nothing is known, in a sentence; the numbers say nothing then.
    """

    matched: int = 0
    unmatched: Counter[str] = field(default_factory=Counter)
    deleted: int = 0
    apart: int = 0
    untried: int = 0
    not_priced: int | None = 0
    not_matched: list[NotMatched] = field(default_factory=list)
    untold: str = ""

    def add(self, found: VisitOutcomes, not_priced: int | None) -> None:
        """Count those of another page too."""
        self.matched += sum(week.visits for week in found["weeks"])
        self.unmatched.update(found["unmatched"])
        self.deleted += found["deleted"]
        self.apart += found["apart"]
        self.untried += found["untried"]
        is_known = self.not_priced is not None and not_priced is not None
        self.not_priced = (self.not_priced or 0) + (not_priced or 0) if is_known else None
        self.not_matched = [*self.not_matched, *found["not_matched"]][:NAMED]

    @property
    def total(self) -> int:
        return self.matched + self.unmatched.total() + self.deleted + self.apart + self.untried


def find_outcomes(gateway: Gateway, caller: Caller, file: VisitsFile) -> Outcomes:
    """What became of the visits that an applied file stored or deleted."""
    counts = file["counts"]
    changed = counts["new"] + counts["updated"] + counts["deleted"] if counts else 0
    if changed > MOST:
        return Outcomes(untold=TOO_MANY)
    try:
        found = _look_through(gateway, caller, file)
    except (Refused, ServiceUnavailable):
        return Outcomes(untold=AWAY)
    return Outcomes(untold=FORGOTTEN) if found.total < changed else found


def _look_through(gateway: Gateway, caller: Caller, file: VisitsFile) -> Outcomes:
    ingest, matching = IngestClient(gateway, caller), MatchingClient(gateway, caller)
    outcomes, after = Outcomes(), 0
    while True:
        page = ingest.visits_file_refs(file_id=file["id"], after=after, limit=A_PAGE)
        if page:
            refs = [one.visit_ref for one in page]
            found = matching.visit_outcomes(organisation_id=file["organisation_id"], refs=refs)
            outcomes.add(found, _count_not_priced(gateway, caller, found["weeks"]))
        if len(page) < A_PAGE:
            return outcomes
        after = page[-1].row


def _count_not_priced(gateway: Gateway, caller: Caller, weeks: Sequence[WeekOfVisits]) -> int | None:
    """How many visits are of weeks that payments has set apart; None while it can't be asked."""
    if not weeks:
        return 0
    by_key = {f"{week.cpli_id}/{week.monday}": week.visits for week in weeks}
    client = PaymentsClient(gateway, caller, is_quick=True)
    things = [("week", key) for key in by_key]
    found = gateway.answers_by_now({"apart": lambda: client.why_apart(things=things)})
    return sum(by_key[one["key"]] for one in found["apart"]) if "apart" in found else None
