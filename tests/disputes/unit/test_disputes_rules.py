"""What a dispute may be about (RULES 9)."""

import datetime as dt
from typing import Any

import pytest

from libs.common.casework.cases import REASONS
from services.disputes.disputes.rules import (
    WITHDRAWN,
    days_of,
    find_fault,
    list_doubly_named,
    sentence_of_disputed,
)
from services.portal.visits.forms import OF_COUNCIL

MONDAY = dt.date(2022, 10, 3)
V1 = {"visit_ref": "V1"}


def a_dispute(**facts: Any) -> dict[str, Any]:
    return {"reason": "Missing Comment", "visits": [V1], "organisation_id": "1"} | facts


@pytest.mark.parametrize("reason", REASONS)
def test_each_of_the_ten_types_can_be_raised_on_visits_and_on_weeks(reason: str) -> None:
    assert len(REASONS) == 10
    assert find_fault(a_dispute(reason=reason)) is None
    assert find_fault(a_dispute(reason=reason, visits=[], monday=MONDAY, cpli_id=7)) is None


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"reason": "No comments"}, "Choose one of the reasons for a dispute."),
        ({"visits": []}, "Raise a dispute on visits or on a week of a care package line item."),
        (
            {"monday": MONDAY, "cpli_id": 7},
            "Raise a dispute on visits or on a week of a care package line item.",
        ),
        ({"visits": [V1, V1]}, "Name each visit once."),
        ({"visits": [], "monday": MONDAY}, "Name a week by its Monday, with its care package line item."),
        (
            {"visits": [], "monday": MONDAY + dt.timedelta(days=1), "cpli_id": 7},
            "Name a week by its Monday, with its care package line item.",
        ),
    ],
)
def test_what_is_about_nothing_or_about_two_things_can_not(facts: dict[str, Any], fault: str) -> None:
    assert find_fault(a_dispute(**facts)) == fault


def test_a_week_is_about_its_seven_days() -> None:
    assert days_of({"monday": MONDAY}) == (MONDAY, dt.date(2022, 10, 9))
    assert days_of({"first_on": MONDAY, "last_on": MONDAY}) == (MONDAY, MONDAY)


def test_a_visit_is_named_twice_only_for_one_reason_of_one_provider() -> None:
    assert (
        list_doubly_named([a_dispute(), a_dispute(reason="Incorrect Data"), a_dispute(organisation_id="2")])
        == []
    )
    assert list_doubly_named([a_dispute(), a_dispute(visits=[{"visit_ref": "V2"}, V1])]) == ["V1"]


@pytest.mark.parametrize(("number", "more"), [(1, ""), (2, " So is another."), (3, " So are 2 others.")])
def test_the_refusal_names_the_first_and_counts_the_others(number: int, more: str) -> None:
    found = [{"what": "Visit V1", "reason": "Missing Comment", "number": 12}] * number
    assert sentence_of_disputed(found) == (
        f"Visit V1 is in dispute already for the reason Missing Comment, in dispute 12.{more}"
        " Leave it out, or write in that dispute."
    )


def test_visits_are_withdrawn_for_the_reason_that_the_council_s_form_offers() -> None:
    assert WITHDRAWN == OF_COUNCIL
