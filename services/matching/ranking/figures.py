"""What measures say of organisations, as a ranking takes it (RULES 16): exact, counts as per cent of their whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from fractions import Fraction

from sqlalchemy.orm import Session

from services.matching.measures.answering import count_exactly
from services.matching.measures.days import Carers, Counts
from services.matching.ranking.rules import Figures


def figures_between(
    session: Session, organisation_ids: Collection[str], first: dt.date, last: dt.date
) -> dict[str, Figures]:
    """The figures of each of these organisations over planned days, both included, by its id."""
    found = count_exactly(session, organisation_ids, first, last)
    return {one: exact_figures(of.counts, of.carers) for one, of in found.items()}


def exact_figures(counts: Counts, carers: Carers) -> Figures:
    """Every rankable measure of what is counted; None where there is nothing to divide by."""
    delivered, singly = counts.delivered, counts.delivered_singly
    return {
        "frustrated": _per_cent(counts.frustrated, delivered),
        "cancelled": _per_cent(counts.cancelled, delivered),
        "hospital": _per_cent(counts.hospital, delivered),
        "missed": _per_cent(counts.missed + counts.counted_as_missed, counts.slots_wanted),
        "late": _per_cent(counts.late, singly),
        "early": _per_cent(counts.early, singly),
        "very_late": _per_cent(counts.very_late, singly),
        "short": _per_cent(counts.short, singly),
        "logged_share": _per_cent(counts.logged, delivered),
        "under_30_share": _per_cent(counts.under_30, singly),
        "continuity": Fraction(carers.of_clients, carers.clients) if carers.clients else None,
        "time_critical_share": _per_cent(counts.critical_kept, counts.critical_wanted),
    }


def _per_cent(part: int, whole: int) -> Fraction | None:
    return Fraction(part * 100, whole) if whole else None
