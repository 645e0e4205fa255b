"""Ranking of a list's providers: points, weights, shares and order (RULES 16, 17)."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.seams.matching.monitoring.ranking import RANKABLE
from services.matching.measures.days import Carers, Counts
from services.matching.measures.figures import two_decimals
from services.matching.ranking import rules
from services.matching.ranking.figures import exact_figures
from services.matching.ranking.rules import DEFAULTS, Candidate, Terms, Weighed

D = Decimal
NO_FIGURES: dict[str, Fraction | None] = dict.fromkeys(RANKABLE)


def a_candidate(name: str = "Diamond", price: str = "20.00", **figures: Any) -> Candidate:
    """A provider with these figures, and no others."""
    exact = {measure: None if figure is None else Fraction(figure) for measure, figure in figures.items()}
    return Candidate(name.lower(), name, D(price), NO_FIGURES | exact)


def shown(one: rules.Ranked) -> tuple[str, str, str]:
    return two_decimals(one.quality), two_decimals(one.price_points), two_decimals(one.total)


def test_the_golden_ranking() -> None:
    golden = a_candidate(price="25.00", late=6, logged_share=90)
    cheapest = a_candidate("Pearl", late=20, logged_share=50)
    ranked = {one.candidate.name: one for one in rules.rank([golden, cheapest], DEFAULTS)}
    one = ranked["Diamond"]
    assert [(part.measure, part.points, part.product) for part in one.parts] == [
        ("late", 70, 42),
        ("logged_share", 80, 32),
    ]
    assert shown(one) == ("74.00", "80.00", "77.00")
    assert shown(ranked["Pearl"]) == ("0.00", "100.00", "50.00")
    assert (one.place, ranked["Pearl"].place) == (1, 2)


@pytest.mark.parametrize(
    ("figure", "best", "worst", "points"),
    [
        ("6", "0", "20", 70),
        ("90", "100", "50", 80),
        ("0", "0", "20", 100),
        ("20", "0", "20", 0),
        ("21", "0", "20", 0),
        ("100", "0", "20", 0),
        ("49.9", "100", "50", 0),
        ("1", "2", "10", 100),
        ("0.5", "0", "1.5", Fraction(200, 3)),
    ],
)
def test_points_run_in_a_straight_line_and_are_cut_off(
    figure: str, best: str, worst: str, points: Fraction
) -> None:
    assert rules.points_of(Fraction(figure), D(best), D(worst)) == points


def test_a_measure_without_a_figure_is_left_out_and_the_others_scaled_up() -> None:
    parts = rules.parts_of({"late": Fraction(6), "logged_share": None}, DEFAULTS.measures)
    assert [(part.scaled_weight, part.product) for part in parts] == [(1, 70), (None, None)]


def test_without_any_figure_quality_is_nothing() -> None:
    (one,) = rules.rank([a_candidate()], DEFAULTS)
    assert shown(one) == ("0.00", "100.00", "50.00")


@pytest.mark.parametrize(
    ("candidates", "order"),
    [
        # of a total that is equal as shown, the lower price
        (
            [a_candidate("Dear", "20.001", late=0), a_candidate("Cheap", "20.000", late="0.0005")],
            ["Cheap", "Dear"],
        ),
        # of equal prices too, the name
        ([a_candidate("b"), a_candidate("A")], ["A", "b"]),
        # a better total beats both
        ([a_candidate("A", "20"), a_candidate("Z", "20", late=0)], ["Z", "A"]),
    ],
)
def test_equal_as_shown_the_lower_price_then_the_name(candidates: list[Candidate], order: list[str]) -> None:
    for turned in (candidates, candidates[::-1]):
        assert [one.candidate.name for one in rules.rank(turned, DEFAULTS)] == order


def test_shares_say_what_counts() -> None:
    good, cheap = a_candidate("Good", "40", late=0, logged_share=100), a_candidate("Cheap", "20", late=20)
    for share, first in ((D(100), "Good"), (D(0), "Cheap")):
        assert rules.rank([good, cheap], replace(DEFAULTS, quality_share=share))[0].candidate.name == first


def test_nobody_is_ranked_on_an_empty_list() -> None:
    assert rules.rank([], DEFAULTS) == []


@pytest.mark.parametrize(
    ("share", "measures", "word"),
    [
        (D(50), DEFAULTS.measures, None),
        (D("100.5"), DEFAULTS.measures, "share"),
        (D(-1), DEFAULTS.measures, "share"),
        (D(50), DEFAULTS.measures[:1], "come to 1"),
        (D(50), (DEFAULTS.measures[0], DEFAULTS.measures[0]), "twice"),
        (D(50), (Weighed("late", D(5), D(5), D(1)),), "differ"),
        (D(50), (Weighed("late", D(0), D(5), D(1)), Weighed("early", D(0), D(5), D(0))), "above nothing"),
    ],
)
def test_terms_that_can_not_hold_say_why(share: Decimal, measures: Any, word: str | None) -> None:
    said = rules.faults_of(share, measures)
    assert said is None if word is None else (said is not None and word in said)


def test_counts_enter_as_per_cent_of_their_wholes() -> None:
    counts = Counts(
        delivered=30,
        delivered_singly=20,
        logged=10,
        under_30=4,
        frustrated=3,
        cancelled=6,
        hospital=9,
        slots_wanted=50,
        missed=3,
        counted_as_missed=1,
        late=1,
        early=2,
        very_late=3,
        short=5,
        critical_wanted=3,
        critical_kept=2,
    )
    assert exact_figures(counts, Carers(clients=3, of_clients=7)) == {
        "frustrated": 10,
        "cancelled": 20,
        "hospital": 30,
        "missed": 8,
        "late": 5,
        "early": 10,
        "very_late": 15,
        "short": 25,
        "logged_share": Fraction(100, 3),
        "under_30_share": 20,
        "continuity": Fraction(7, 3),
        "time_critical_share": Fraction(200, 3),
    }
    assert exact_figures(Counts(), Carers(0, 0)) == NO_FIGURES


A_FIGURE = st.none() | st.fractions(0, 100)
MEASURES = st.lists(st.sampled_from(RANKABLE), min_size=1, max_size=6, unique=True)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Any terms that may be set: weights of whole hundredths that come to 1."""
    names = draw(MEASURES)
    cuts = sorted(draw(st.sets(st.integers(1, 99), min_size=len(names) - 1, max_size=len(names) - 1)))
    weights = [b - a for a, b in zip([0, *cuts], [*cuts, 100], strict=True)]
    weighed = []
    for name, weight in zip(names, weights, strict=True):
        best, worst = draw(st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True))
        weighed.append(Weighed(name, D(best), D(worst), D(weight) / 100))
    return Terms(D(draw(st.integers(0, 100))), tuple(weighed))


@st.composite
def candidates(draw: st.DrawFn) -> list[Candidate]:
    """Providers with any figures and prices; many of them alike."""
    return [
        Candidate(
            str(number),
            draw(st.sampled_from("ABC")),
            D(draw(st.integers(1, 5000))) / 100,
            {measure: draw(A_FIGURE) for measure in RANKABLE},
        )
        for number in range(draw(st.integers(1, 6)))
    ]


@given(candidates(), terms(), st.randoms(use_true_random=False))
def test_no_order_of_asking_changes_the_ranking(
    listed: list[Candidate], held: Terms, chance: random.Random
) -> None:
    assert rules.faults_of(held.quality_share, held.measures) is None
    ranked = rules.rank(listed, held)
    turned = list(listed)
    chance.shuffle(turned)
    assert rules.rank(turned, held) == ranked
    assert [one.place for one in ranked] == list(range(1, len(listed) + 1))


@given(candidates(), terms())
def test_points_lie_between_nothing_and_a_hundred_and_weights_come_to_one(
    listed: list[Candidate], held: Terms
) -> None:
    ranked = rules.rank(listed, held)
    assert max(one.price_points for one in ranked) == 100
    for one in ranked:
        assert 0 <= one.quality <= 100
        assert 0 < one.price_points <= 100
        assert 0 <= one.total <= 100
        scaled = [part.scaled_weight for part in one.parts if part.scaled_weight is not None]
        assert sum(scaled) == (1 if scaled else 0)
    assert all(D(two_decimals(a.total)) >= D(two_decimals(b.total)) for a, b in itertools.pairwise(ranked))
