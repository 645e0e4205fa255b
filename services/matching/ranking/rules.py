"""Ranking of the providers of a list for a quarter (RULES 16). Pure; exact fractions until a figure is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from libs.common.care.names import fold
from services.matching.measures.figures import two_decimals

FULL: Final = 100
"""The most points, and all shares together in per cent."""
Figures = Mapping[str, Fraction | None]
"""An organisation's figures by measure: per cent, or the mean of continuity; None where there is none."""


class Weighed(NamedTuple):
    """A measure's part of quality: no points at ``worst``, all at ``best``; the weights of a set come to 1."""

    measure: str
    best: Decimal
    worst: Decimal
    weight: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a list in a quarter; the price's share is what is left of 100."""

    quality_share: Decimal
    measures: tuple[Weighed, ...]

    @property
    def price_share(self) -> Decimal:
        """In per cent."""
        return FULL - self.quality_share


DEFAULTS: Final = Terms(
    Decimal(50),
    (
        Weighed("late", Decimal(0), Decimal(20), Decimal("0.6")),
        Weighed("logged_share", Decimal(100), Decimal(50), Decimal("0.4")),
    ),
)
"""They hold until the council sets others."""


class Candidate(NamedTuple):
    """A provider of the list, with its price (pounds an hour, above nothing) and its figures of the quarter."""

    organisation_id: str
    name: str
    price: Decimal
    figures: Figures


class Part(NamedTuple):
    """What a measure adds to quality; None but for ``weight`` where there is no figure. Exact."""

    measure: str
    weight: Fraction
    figure: Fraction | None
    points: Fraction | None
    scaled_weight: Fraction | None
    product: Fraction | None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A provider with its place, and what led to it. Exact."""

    candidate: Candidate
    parts: tuple[Part, ...]
    quality: Fraction
    price_points: Fraction
    total: Fraction
    place: int = 0


def points_of(figure: Fraction, best: Decimal, worst: Decimal) -> Fraction:
    """On the straight line from 0 at ``worst`` to 100 at ``best``, which may lie on either side; cut off at both."""
    from_worst = Fraction(worst)
    points = (figure - from_worst) / (Fraction(best) - from_worst) * FULL
    return min(max(points, Fraction(0)), Fraction(FULL))


def parts_of(figures: Figures, measures: Iterable[Weighed]) -> tuple[Part, ...]:
    """Each measure's part; the weights of those with a figure are scaled up to what all weights come to."""
    listed = tuple(measures)
    known = {one.measure: figures.get(one.measure) for one in listed}
    whole = sum((Fraction(one.weight) for one in listed), Fraction(0))
    present = sum((Fraction(one.weight) for one in listed if known[one.measure] is not None), Fraction(0))
    return tuple(_part(one, known[one.measure], whole, present) for one in listed)


def _part(one: Weighed, figure: Fraction | None, whole: Fraction, present: Fraction) -> Part:
    weight = Fraction(one.weight)
    if figure is None:
        return Part(one.measure, weight, None, None, None, None)
    points = points_of(figure, one.best, one.worst)
    scaled = weight * whole / present if present else Fraction(0)
    return Part(one.measure, weight, figure, points, scaled, scaled * points)


def price_points(lowest: Decimal, price: Decimal) -> Fraction:
    """The lowest price ÷ the price × 100."""
    return Fraction(lowest) / Fraction(price) * FULL


def rank(candidates: Sequence[Candidate], terms: Terms) -> list[Ranked]:
    """All of them, the best first. Equal as shown (two decimals): the lower price, then the name."""
    if not candidates:
        return []
    lowest = min(one.price for one in candidates)
    judged = sorted((_judged(one, terms, lowest) for one in candidates), key=_order)
    return [
        Ranked(one.candidate, one.parts, one.quality, one.price_points, one.total, place)
        for place, one in enumerate(judged, start=1)
    ]


def _judged(one: Candidate, terms: Terms, lowest: Decimal) -> Ranked:
    parts = parts_of(one.figures, terms.measures)
    quality = sum((part.product for part in parts if part.product is not None), Fraction(0))
    price = price_points(lowest, one.price)
    total = (Fraction(terms.quality_share) * quality + Fraction(terms.price_share) * price) / FULL
    return Ranked(one, parts, quality, price, total)


def _order(one: Ranked) -> tuple[Decimal, Decimal, str, str]:
    shown = Decimal(two_decimals(one.total))
    return -shown, one.candidate.price, fold(one.candidate.name), one.candidate.organisation_id


def faults_of(quality_share: Decimal, measures: Sequence[Weighed]) -> str | None:
    """Why these can't be terms, in one plain sentence; None where they can."""
    if not 0 <= quality_share <= FULL:
        return "The share of quality must be from 0 to 100 per cent."
    names = [one.measure for one in measures]
    if len(set(names)) != len(names):
        return "A measure is named twice: give each one weight."
    if any(one.weight <= 0 for one in measures):
        return "A weight must be above nothing: leave a measure out that is not to count."
    if any(one.best == one.worst for one in measures):
        return "The best and the worst of a measure must differ."
    if sum(one.weight for one in measures) != 1:
        return "The weights must come to 1, such as 0.6 and 0.4."
    return None
