"""Rankings a second time: from the files' facts alone, in exact fractions (RULES 16)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from tests.oracle.books import Oracle
from tests.oracle.matches import match_visits
from tests.oracle.measures import MeasuredOrganisation, written


class Weight(NamedTuple):
    """Where a measure has 100 points, where none, and what it counts; all as text."""

    best: str
    worst: str
    weight: str


class Line(NamedTuple):
    """A provider of a ranking as it is shown."""

    name: str
    quality: str | None
    price: str | None
    total: str | None


def rank_providers(
    oracle: Oracle,
    days: tuple[dt.date, dt.date],
    prices: Mapping[str, str],
    quality_share: int,
    weights: Mapping[str, Weight],
) -> list[Line]:
    """The providers who have prices, by the names that care writes, the best first."""
    matches, _ = match_visits(oracle.care, oracle.visits)
    lowest = min(map(Fraction, prices.values()))
    found = []
    for organisation, name in oracle.care.names.items():
        if name not in prices:
            continue
        measured = MeasuredOrganisation(oracle, organisation, matches, *days)
        quality = quality_of(measured, weights)
        price = 100 * lowest / Fraction(prices[name])
        total = (quality_share * quality + (100 - quality_share) * price) / 100
        shown = Line(name, *(written(figure, 1, 2) for figure in (quality, price, total)))
        found.append((-Fraction(shown.total or 0), Fraction(prices[name]), name.casefold(), shown))
    return [line for *_, line in sorted(found)]


def quality_of(measured: MeasuredOrganisation, weights: Mapping[str, Weight]) -> Fraction:
    """Σ weight × points, the weights of those without a figure shared out among the others."""
    points = {}
    for measure, (best, worst, _) in weights.items():
        part, whole = FIGURES[measure](measured)
        if whole:
            at, low, high = Fraction(part, whole), Fraction(worst), Fraction(best)
            points[measure] = 100 * max(Fraction(0), min(Fraction(1), (at - low) / (high - low)))
    present = sum((Fraction(weights[measure].weight) for measure in points), Fraction(0))
    return sum((Fraction(weights[m].weight) * of / present for m, of in points.items()), Fraction(0))


def late(measured: MeasuredOrganisation) -> tuple[int, int]:
    return 100 * sum(measured.is_late(visit) for visit, _ in measured.singly), len(measured.singly)


def logged(measured: MeasuredOrganisation) -> tuple[int, int]:
    by_hand = ("DeliveredEntryTimeIsOverridden", "DeliveredExitTimeIsOverridden")
    kept = [visit for visit, _ in measured.delivered if not any(visit.cells[cell] for cell in by_hand)]
    return 100 * len(kept), len(measured.delivered)


def frustrated(measured: MeasuredOrganisation) -> tuple[int, int]:
    return 100 * measured.of_types("C", "U"), len(measured.delivered)


def missed(measured: MeasuredOrganisation) -> tuple[int, int]:
    return 100 * (measured.missed() + measured.counted_as_missed()), sum(measured.slots_wanted().values())


def continuity(measured: MeasuredOrganisation) -> tuple[int, int]:
    carers: dict[int, set[str]] = defaultdict(set)
    for visit, package in measured.delivered:
        if visit.cells["CarerRef"]:
            carers[package.client].add(visit.cells["CarerRef"])
    return sum(map(len, carers.values())), len(carers)


FIGURES = {
    "late": late,
    "logged_share": logged,
    "frustrated": frustrated,
    "missed": missed,
    "continuity": continuity,
}
