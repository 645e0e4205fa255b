"""Held weeks: the real workers against the second calculation of the books (RULES 7, 8)."""

import pytest

from tests.oracle.rows import (
    DIAMOND,
    PEARL,
    PEARL_DAPL,
    ZONE,
    a_deletion,
    a_visit,
    a_week,
    diamond_care,
    pearl_care,
)
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, Story

KINDS = ("cancel", "suspend", "carry-forward")


@pytest.mark.parametrize("kind", KINDS)
def test_a_held_week_follows_its_visits_and_is_paid_when_it_is_released(story: Story, kind: str) -> None:
    story.import_care(diamond_care(AssessedContribution="120.00", ContributionCollectedBy="Provider"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.hold(1, FIRST_PERIOD, kind)
    story.compare()
    story.import_visits(DIAMOND, a_deletion("a0"), a_visit("a7", FIRST_PERIOD, "20:00", "20:30"))
    story.compare()
    story.finalise(FIRST_PERIOD)
    story.compare()
    story.import_visits(DIAMOND, a_deletion("a1"), a_deletion("a7"))
    story.compare()
    if kind != "carry-forward":
        story.release(1, FIRST_PERIOD)
        story.compare()
    story.import_visits(DIAMOND, *a_week("b", FIRST_PERIOD, entry="12:00", exit_="12:45"))
    story.compare()


def test_what_was_paid_is_taken_back_and_what_was_not_is_not(story: Story) -> None:
    story.import_care(diamond_care())
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD)[:3])
    story.finalise(FIRST_PERIOD)
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD)[3:4])
    story.hold(1, FIRST_PERIOD, "cancel")
    story.compare()
    assert story.oracle.books()["total_charges"] == "60.00"
    story.import_visits(DIAMOND, a_deletion("a0"), a_deletion("a1"))
    story.compare()
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD)[4:])
    story.compare()
    story.hold(1, FIRST_PERIOD, "suspend", "nothing")
    story.compare()
    story.finalise(SECOND_PERIOD)
    story.hold(1, FIRST_PERIOD, "carry-forward", "nothing")
    story.compare()
    story.release(1, FIRST_PERIOD, "nothing")
    story.compare()
    story.decide_charge(1, FIRST_PERIOD, "keep")
    story.compare()


def test_a_hold_stays_behind_when_its_package_moves_and_holds_again_when_it_comes_back(story: Story) -> None:
    story.import_care(diamond_care(), diamond_care(2, SSRef="A200"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD), *a_week("b", FIRST_PERIOD, SSRef="A200"))
    story.import_visits(PEARL, *a_week("c", FIRST_PERIOD, ServiceName=PEARL_DAPL)[:2])
    story.hold(1, FIRST_PERIOD, "cancel")
    story.finalise(FIRST_PERIOD)
    for row in (
        diamond_care(SSRef="A200"),
        pearl_care(1),
        diamond_care(ServiceName=ZONE, Contract="LWAH"),
        diamond_care(),
    ):
        story.import_care(row)
        story.compare()
    story.release(1, FIRST_PERIOD)
    story.compare()


def test_deductions_are_of_the_deciding_provider_and_first_of_what_is_not_held(story: Story) -> None:
    collected = {"AssessedContribution": "250.00", "ContributionCollectedBy": "Provider"}
    story.import_care(
        diamond_care(1, **collected),
        diamond_care(2, ServiceName=ZONE, Contract="LWAH", StartDate="02/08/2022", **collected),
        pearl_care(3, **collected),
    )
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.import_visits(DIAMOND, *a_week("z", FIRST_PERIOD, ServiceName=ZONE, VisitType="DHF"))
    story.import_visits(PEARL, *a_week("p", FIRST_PERIOD, ServiceName=PEARL_DAPL))
    story.compare()
    for kind in KINDS:
        story.hold(1, FIRST_PERIOD, kind)
        story.compare()
    story.finalise(FIRST_PERIOD)
    story.compare()
    story.import_care(pearl_care(3, StartDate="03/08/2022", **collected))
    story.compare()


def test_a_carried_week_whose_client_is_not_charged_is_charged_when_its_period_has_come(story: Story) -> None:
    story.import_care(diamond_care())
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.hold(1, FIRST_PERIOD, "carry-forward", "nothing")
    story.compare()
    assert story.oracle.books()["total_charges"] == "0.00"
    story.finalise(FIRST_PERIOD)
    story.compare()
    assert story.oracle.books()["total_charges"] == "140.00"
