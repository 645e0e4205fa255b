"""What became of many visits at once, such as those of a file (RULES 4, 5)."""

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.matches import NotMatched, VisitOutcome, VisitOutcomes, WeekOfVisits
from services.matching.matches.set_apart import key_of

NAMED = 50
"""So many visits without a match are named; all are counted."""

_AS_THEY_STAND = text(
    "SELECT asked.visit_ref, v.deleted, v.cpli_id, v.monday::text, v.reason"
    " FROM unnest(CAST(:refs AS text[])) AS asked (visit_ref) LEFT JOIN visits v"
    " ON v.organisation_id = :organisation AND v.visit_ref = asked.visit_ref ORDER BY asked.visit_ref"
)
_APART = text(
    "SELECT key FROM set_apart WHERE kind = 'visit' AND organisation_id = :organisation"
    " AND key = ANY(CAST(:keys AS text[]))"
)


def count_outcomes(session: Session, *, organisation_id: uuid.UUID, refs: Sequence[str]) -> VisitOutcomes:
    """What became of these visits of an organisation: as each stands now, whatever changed it since."""
    apart = _find_apart(session, organisation_id, refs)
    weeks: Counter[tuple[int, str]] = Counter()
    unmatched: Counter[str] = Counter()
    deleted = untried = 0
    not_matched: list[NotMatched] = []
    rows = session.execute(_AS_THEY_STAND, {"organisation": organisation_id, "refs": list(refs)})
    for visit_ref, is_deleted, cpli_id, monday, reason in rows:
        if visit_ref in apart:  # it may still have the match of an earlier version
            not_matched.append(NotMatched(visit_ref, None, True))
        elif is_deleted:
            deleted += 1
        elif cpli_id is not None:
            weeks[cpli_id, monday] += 1
        else:
            not_matched.append(NotMatched(visit_ref, reason, False))
            untried += reason is None
            unmatched.update([reason] if reason else [])
    return {
        "weeks": [WeekOfVisits(cpli_id, monday, visits) for (cpli_id, monday), visits in weeks.items()],
        "unmatched": dict(unmatched.most_common()),
        "deleted": deleted,
        "apart": len(apart),
        "untried": untried,
        "not_matched": not_matched[:NAMED],
    }


def list_outcomes(session: Session, *, organisation_id: uuid.UUID, refs: Sequence[str]) -> list[VisitOutcome]:
    """The same visit by visit, in the order in which they are asked about."""
    apart = _find_apart(session, organisation_id, refs)
    rows = session.execute(_AS_THEY_STAND, {"organisation": organisation_id, "refs": list(refs)})
    found = {row[0]: _outcome_of(row, is_apart=row[0] in apart) for row in rows}
    return [found[ref] for ref in refs]


def _outcome_of(row: Sequence[Any], *, is_apart: bool) -> VisitOutcome:
    visit_ref, is_deleted, cpli_id, monday, reason = row
    if is_apart:
        return VisitOutcome(visit_ref, "apart", None, None, None)
    if is_deleted:
        return VisitOutcome(visit_ref, "deleted", None, None, None)
    if cpli_id is not None:
        return VisitOutcome(visit_ref, "matched", cpli_id, monday, None)
    return VisitOutcome(visit_ref, "unmatched" if reason else "untried", None, None, reason)


def _find_apart(session: Session, organisation_id: uuid.UUID, refs: Sequence[str]) -> set[str]:
    """Those of these visits that are set apart."""
    keys = {key_of(str(organisation_id), ref): ref for ref in refs}
    found = session.scalars(_APART, {"organisation": organisation_id, "keys": list(keys)})
    return {keys[key] for key in found}
