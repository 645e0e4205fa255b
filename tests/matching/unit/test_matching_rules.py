"""Each step of the table of RULES 5 with its reason."""

from datetime import date
from itertools import combinations
from typing import Any

import pytest

from services.matching.matches.rules import Match, carers_wanted, match_week
from tests.support.builders.care import (
    ANOTHER_GUID,
    FRIDAY,
    MONDAY,
    SATURDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    ZONE_6,
    a_cpli,
    a_term,
    a_visit,
)
from tests.support.builders.matches import FAILS, place, reason_for

REASONS = [reason for reason, _ in FAILS]
PAIRS_OF_STEPS = list(combinations(range(len(FAILS)), 2))


def test_a_visit_of_a_client_without_care_from_this_organisation_has_no_package() -> None:
    assert match_week([a_visit()], []) == {"V1": Match(None, "no_package")}


def test_a_visit_that_passes_every_step_is_matched() -> None:
    assert match_week([a_visit()], [a_cpli(156017)]) == {"V1": Match(156017, None)}


@pytest.mark.parametrize(("reason", "failing"), FAILS, ids=REASONS)
def test_the_step_that_leaves_no_cpli_gives_the_reason(reason: str, failing: dict[str, Any]) -> None:
    assert reason_for(a_visit(), a_cpli(**failing)) == reason


@pytest.mark.parametrize(("earlier", "later"), PAIRS_OF_STEPS)
def test_a_visit_that_fails_two_steps_gets_the_earlier_reason(earlier: int, later: int) -> None:
    both = FAILS[earlier][1] | FAILS[later][1]
    assert reason_for(a_visit(), a_cpli(**both)) == REASONS[earlier]


@pytest.mark.parametrize(("earlier", "later"), PAIRS_OF_STEPS)
def test_of_two_cplis_the_one_that_comes_further_gives_the_reason(earlier: int, later: int) -> None:
    cplis = [a_cpli(1, **FAILS[earlier][1]), a_cpli(2, **FAILS[later][1])]
    assert reason_for(a_visit(), *cplis) == REASONS[later]


@pytest.mark.parametrize(("reason", "failing"), FAILS, ids=REASONS)
def test_a_cpli_that_fails_a_step_does_not_stand_in_the_way_of_one_that_passes(
    reason: str, failing: dict[str, Any]
) -> None:
    cplis = [a_cpli(1, timetable=["Mon 09:00-10:00"], **failing), a_cpli(2)]
    assert place([a_visit()], cplis) == {"V1": 2}


@pytest.mark.parametrize("method", ["Invoice", "Actuals"])
def test_care_that_is_not_paid_from_visits_is_an_invoice_case(method: str) -> None:
    assert reason_for(a_visit(), a_cpli(payment_method=method)) == "invoice_case"


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        ({"service_ref": "", "service_name": ""}, None),
        ({"service_ref": "", "service_name": "zone 6"}, None),
        ({"service_ref": ZONE_6, "service_name": ""}, None),
        ({"service_ref": ZONE_6, "service_name": "zone 6"}, None),
        ({"service_ref": "", "service_name": "zone 7"}, "wrong_service"),
        ({"service_ref": ANOTHER_GUID, "service_name": ""}, "wrong_service"),
    ],
)
def test_the_service_counts_when_the_visit_names_one_by_name_or_ref(
    named: dict[str, Any], reason: str | None
) -> None:
    assert reason_for(a_visit(**named), a_cpli()) == reason


def test_a_visit_without_a_service_is_placed_among_all_services() -> None:
    cplis = [a_cpli(1, service_name="zone 7", hours="0"), a_cpli(2)]
    assert place([a_visit(service_name="")], cplis) == {"V1": 2}


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, None),
        (TUESDAY, "suspended"),
        (WEDNESDAY, "suspended"),
        (THURSDAY, None),
        (FRIDAY, "suspended"),
    ],
)
def test_both_ends_of_a_suspension_are_suspended(day: date, reason: str | None) -> None:
    cpli = a_cpli(suspensions=((TUESDAY, WEDNESDAY), (FRIDAY, date.max)))
    assert reason_for(a_visit(planned_on=day), cpli) == reason


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, "before_start"),
        (TUESDAY, None),
        (WEDNESDAY, None),
        (THURSDAY, None),
        (FRIDAY, "after_end"),
    ],
)
def test_start_and_end_are_both_included(day: date, reason: str | None) -> None:
    assert reason_for(a_visit(planned_on=day), a_cpli(start_on=TUESDAY, end_on=THURSDAY)) == reason


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (MONDAY, "before_start"),
        (TUESDAY, None),
        (WEDNESDAY, "between_packages"),
        (THURSDAY, "between_packages"),
        (FRIDAY, None),
        (SATURDAY, "after_end"),
    ],
)
def test_before_all_after_all_or_between(day: date, reason: str | None) -> None:
    cplis = [a_cpli(1, start_on=TUESDAY, end_on=TUESDAY), a_cpli(2, start_on=FRIDAY, end_on=FRIDAY)]
    assert reason_for(a_visit(planned_on=day), *cplis) == reason


def test_a_package_that_is_suspended_does_not_count_as_one_that_starts_later() -> None:
    ended = a_cpli(1, end_on=MONDAY)
    later_but_suspended = a_cpli(2, start_on=FRIDAY, suspensions=((WEDNESDAY, WEDNESDAY),))
    assert reason_for(a_visit(planned_on=WEDNESDAY), ended, later_but_suspended) == "after_end"


def test_a_one_off_payment_takes_no_visits_whatever_its_level() -> None:
    one_off = a_cpli(1, hours="1", hourly=False, is_one_off=True)
    visit = a_visit()
    assert match_week([visit], [one_off]) == {"V1": Match(None, "visits_not_required")}
    assert place([visit], [one_off, a_cpli(2, start_on=FRIDAY)]) == {"V1": None}
    assert place([visit], [one_off, a_cpli(2)]) == {"V1": 2}


@pytest.mark.parametrize(
    ("quantity", "slots", "carers"),
    [
        ("7", 7, 1),
        ("14", 7, 2),
        ("21.01", 7, 3),
        ("13.99", 7, 2),
        ("14.02", 7, 1),
        ("10.5", 7, 1),
        ("0", 7, 1),
        ("7", 0, None),
    ],
)
def test_carers_wanted_is_the_whole_number_whose_timetable_hours_are_close_to_the_quantity(
    quantity: str, slots: int, carers: int | None
) -> None:
    timetable = [(weekday, 23 * 3600 + 1800, 1800) for weekday in range(slots)]
    assert carers_wanted((a_term(quantity=quantity),), timetable, MONDAY) == carers
