"""Visits that may be the same under two VisitRefs (RULES 4): same client, carer, date and times. Pure."""

from collections.abc import Hashable, Iterable, Iterator

from libs.common.seams.events import PossibleDuplicate
from services.matching.matches.store import ReplicaVisit


def find_duplicates(
    fresh: Iterable[ReplicaVisit], beside: Iterable[ReplicaVisit]
) -> Iterator[PossibleDuplicate]:
    """Of visits that a file stores, those that another visit equals in client, carer, planned date and planned times.

    Each names one other alone, the first by VisitRef: a stored one (``beside``) where there is one, else one of the file.
    A visit without a carer equals no other: it may be the second carer's of two.
    """
    first: dict[Hashable, str] = {}
    for visit in sorted(beside, key=_by_ref):
        first.setdefault(_same_of(visit), visit.visit_ref)
    for visit in sorted(fresh, key=_by_ref):
        if visit.deleted or not visit.carer_ref:
            continue
        other = first.setdefault(_same_of(visit), visit.visit_ref)
        if other != visit.visit_ref:
            yield PossibleDuplicate(visit.visit_ref, other)


def _same_of(visit: ReplicaVisit) -> Hashable:
    """What two visits have in common that may be the same."""
    return visit.client_id, visit.carer_ref, visit.planned_on, visit.planned_entry, visit.planned_exit


def _by_ref(visit: ReplicaVisit) -> str:
    return visit.visit_ref
