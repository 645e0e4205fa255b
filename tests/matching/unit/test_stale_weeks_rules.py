"""Which days are measured again when a CPLI says something else (RULES 16)."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.care.plans import Plan
from libs.common.care.terms import Term
from services.matching.measures.days import Counts, count_day
from services.matching.measures.rules import MeasuredCare
from services.matching.measures.thresholds import by_day
from services.matching.stale_weeks.rules import MEASURED_BY, Span, changed_from, changed_spans
from tests.support.builders.care import a_term

FIRST, LAST = date(2022, 8, 1), date(2022, 8, 31)
ANY_DAY = st.dates(FIRST, LAST)
NO_END = date.max


def some_facts(**changes: Any) -> dict[str, Any]:
    """A CPLI of August 2022 with Diamond."""
    return {
        "client_id": "agnes",
        "organisation_id": "diamond",
        "service_id": "zone 6",
        "service_level": "personal care",
        "unit": "Hr",
        "payment_method": "Visits",
        "authorised": True,
        "timetable": [[0, 32_400, 36_000]],
        "critical_slots": [],
        "start_on": date(2022, 8, 8),
        "end_on": date(2022, 8, 28),
        "suspensions": [],
        "cost_centre": "C1",
    } | changes


@pytest.mark.parametrize(
    ("changes", "spans"),
    [
        ({}, []),
        ({"cost_centre": "C2", "frequency": "Weekly"}, []),
        ({"end_on": date(2022, 8, 20)}, [("2022-08-21", "2022-08-28")]),
        ({"end_on": None}, [("2022-08-29", "9999-12-31")]),
        ({"start_on": date(2022, 8, 1)}, [("2022-08-01", "2022-08-07")]),
        ({"start_on": date(2022, 8, 10)}, [("2022-08-08", "2022-08-09")]),
        ({"suspensions": [["2022-08-10", "2022-08-12", "away"]]}, [("2022-08-10", "2022-08-12")]),
        ({"authorised": False}, [("2022-08-08", "2022-08-28"), ("2022-08-08", "2022-08-28")]),
        (
            {"timetable": [], "end_on": date(2022, 9, 4)},
            [("2022-08-08", "2022-08-28"), ("2022-08-08", "2022-09-04")],
        ),
    ],
)
def test_the_days_that_a_change_touches(changes: dict[str, Any], spans: list[tuple[str, str]]) -> None:
    found = changed_spans(some_facts(), some_facts(**changes))
    assert sorted((str(span.first), str(span.last)) for span in found) == spans


def test_a_new_line_item_touches_its_days_and_one_that_moves_those_of_both_organisations() -> None:
    first, last = date(2022, 8, 8), date(2022, 8, 28)
    assert list(changed_spans(None, some_facts())) == [Span("diamond", first, last)]
    moved = some_facts(organisation_id="pearl", end_on=None)
    assert list(changed_spans(some_facts(), moved)) == [
        Span("diamond", first, last),
        Span("pearl", first, NO_END),
    ]


def test_another_reason_for_the_same_days_touches_none() -> None:
    away, ill = ([["2022-08-10", "2022-08-12", why]] for why in ("away", "ill"))
    assert not list(changed_spans(some_facts(suspensions=away), some_facts(suspensions=ill)))


@pytest.mark.parametrize(
    ("known", "term", "day"),
    [
        ([], a_term(quantity="7"), None),
        ([a_term(quantity="7")], a_term(date(2022, 8, 10), quantity="7"), None),
        ([a_term(quantity="7")], a_term(date(2022, 8, 10), quantity="5"), date(2022, 8, 10)),
        ([a_term(quantity="7")], a_term(quantity="5"), date.min),
        ([a_term(date(2022, 8, 10), quantity="7")], a_term(date(2022, 8, 1), quantity="5"), date.min),
        ([a_term(quantity="7"), a_term(date(2022, 8, 9), quantity="5")], a_term(FIRST, quantity="5"), FIRST),
    ],
)
def test_from_when_on_another_quantity_holds(known: list[Term], term: Term, day: date | None) -> None:
    assert changed_from(known, term) == day


def counts(facts: dict[str, Any], terms: list[Term], day: date) -> Counts:
    """What is counted of a day on which no visit came."""
    away = [tuple(map(date.fromisoformat, one[:2])) for one in facts["suspensions"]]
    plan = Plan(
        facts["start_on"],
        facts["end_on"],
        tuple(map(tuple, facts["timetable"])),
        tuple((first, last) for first, last in away),
        tuple(sorted(terms, key=lambda term: term.effective_from)),
    )
    is_expected = facts["payment_method"] == "Visits" and facts["authorised"]
    care = {1: MeasuredCare(1, plan, is_expected, frozenset(map(tuple, facts["critical_slots"])))}
    return count_day([], care, day, frozenset({"DHS"}), by_day([]))


SLOTS = st.lists(st.tuples(st.integers(0, 6), st.just(32_400), st.just(36_000)), unique=True, max_size=3)
FACTS = st.builds(
    some_facts,
    start_on=ANY_DAY,
    end_on=st.none() | ANY_DAY,
    authorised=st.booleans(),
    payment_method=st.sampled_from(["Visits", "Actuals"]),
    timetable=SLOTS,
    critical_slots=SLOTS,
    suspensions=st.lists(
        st.tuples(ANY_DAY, ANY_DAY).map(lambda two: [min(two).isoformat(), max(two).isoformat(), "away"]),
        max_size=2,
    ),
)
ALIKE = st.sampled_from(["all", "dates and suspensions"])
TERMS = st.builds(
    a_term,
    st.sampled_from([date.min, FIRST, date(2022, 8, 10), date(2022, 8, 20)]),
    quantity=st.sampled_from(["5", "7"]),
)


@given(FACTS, FACTS, ALIKE, st.lists(TERMS, min_size=1, max_size=3), TERMS)
def test_no_day_that_counts_otherwise_is_left_out(
    before: dict[str, Any], after: dict[str, Any], alike: str, terms: list[Term], term: Term
) -> None:
    if alike != "all":
        after |= {name: before[name] for name in MEASURED_BY}
    known = sorted({one.effective_from: one for one in terms}.values(), key=lambda one: one.effective_from)
    later = [one for one in known if one.effective_from != term.effective_from]
    spans = list(changed_spans(before, after))
    if day := changed_from(known, term):
        spans.append(Span("diamond", day, after["end_on"] or NO_END))
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if counts(before, known, day) != counts(after, [*later, term], day):
            assert any(span.first <= day <= span.last for span in spans)


def test_a_quantity_is_compared_as_a_number() -> None:
    assert changed_from([a_term(quantity="7.00")], a_term(FIRST, quantity="7")) is None
