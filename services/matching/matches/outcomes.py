"""What became of many visits at once, such as those of a file (RULES 4, 5)."""

import uuid
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.seams.matching.matches import NotMatched, VisitOutcomes, WeekOfVisits
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


def _find_apart(session: Session, organisation_id: uuid.UUID, refs: Sequence[str]) -> set[str]:
    """Those of these visits that are set apart."""
    keys = {key_of(str(organisation_id), ref): ref for ref in refs}
    found = session.scalars(_APART, {"organisation": organisation_id, "keys": list(keys)})
    return {keys[key] for key in found}
