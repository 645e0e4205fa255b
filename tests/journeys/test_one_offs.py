"""One-off payments against the second calculation of the books: paid once, moved, taken back, paid with claims."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import text

from tests.oracle.rows import DIAMOND, PEARL, PEARL_DAPL, ZONE, a_week
from tests.oracle.story import FIRST_PERIOD, SECOND_PERIOD, THIRD_PERIOD, Story, items_of
from tests.support.builders.care_files import a_care_row

CLIENT = ("SSRef", "A100")
LATE_CARE = "Retrospective change to a Care Package Line Item"


def a_one_off(cpli_id: int = 9, **cells: Any) -> dict[str, str]:
    """[003]'s hospital incentive: £15.00 once for client A100 with Diamond under DAPL, from 10 October 2022."""
    facts = {"Quantity": "1", "Unit": "Payment", "Frequency": "One-off", "UnitCost": "15.00"}
    facts |= {"ServiceLevel": "Hospital Incentive Payment", "StartDate": "10/10/2022"}
    return a_care_row(cpli_id, **facts | cells)


def of_one_offs(story: Story, period: dt.date) -> list[tuple[str, ...]]:
    """Kind, reason and pounds of a period's items that belong to no week."""
    return [item[1:3] + item[5:] for item in items_of(story.council, period) if item[0] == "one_off"]


def test_a_one_off_is_paid_once_in_the_period_of_its_start_and_is_charged_to_nobody(story: Story) -> None:
    story.import_care(
        a_care_row(1, AssessedContribution="35.00"),
        a_one_off(PaymentMethod="Invoice", Suspensions="01/10/2022-31/10/2022 hospital"),
    )
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD), *a_week("b", THIRD_PERIOD))
    story.compare()
    assert of_one_offs(story, SECOND_PERIOD) == [("one_off", "One-off payment", "15.00")]
    books = story.oracle.books()
    assert books["payable"] == {DIAMOND: "295.00"}
    assert books["total_charges"] == "70.00"
    assert {week.split("/")[0] for week in books["weeks"]} == {"1"}
    story.import_care(a_one_off(Authorised="N"))
    story.compare()
    assert story.oracle.books()["payable"] == {DIAMOND: "280.00"}
    with story.council.as_owner("payments") as s:
        s.execute(text("UPDATE items SET amount = 16 WHERE series = 'one_off' AND ordinal = 0"))
    (found,) = (each for each in story.council.differences() if each["what"] == "one_off")
    assert (found["expected"], found["held"]) == ("0.00", "1.00")


def test_a_one_off_decides_no_contribution_and_takes_no_visits(story: Story) -> None:
    later = {"StartDate": "03/10/2022", "ServiceLevel": "Personal Care", "AssessedContribution": "1.00"}
    story.import_care(a_care_row(1, AssessedContribution="35.00"), a_one_off(**later))
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.compare()
    assert story.oracle.books()["total_charges"] == "35.00"
    story.import_care(a_one_off(SSRef="A200", ServiceLevel="Personal Care"))
    story.import_visits(DIAMOND, *a_week("b", SECOND_PERIOD, SSRef="A200"))
    story.compare()
    assert story.oracle.books()["unmatched"] == {"visits_not_required": 7}


def test_what_changes_of_a_one_off_after_its_period_was_finalised_is_an_adjustment(story: Story) -> None:
    story.import_care(a_care_row(1), a_one_off(StartDate="12/09/2022"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.finalise(FIRST_PERIOD)
    story.import_care(a_one_off(StartDate="12/09/2022", UnitCost="20.00"))
    story.compare()
    assert of_one_offs(story, SECOND_PERIOD) == [("adjustment", LATE_CARE, "5.00")]
    story.import_care(a_one_off(StartDate="12/09/2022", UnitCost="20.00", Authorised="N"))
    story.compare()
    story.import_care(a_one_off(StartDate="12/09/2022", OrganisationName=PEARL, ServiceName=PEARL_DAPL))
    story.compare()
    assert story.oracle.books()["payable"] == {DIAMOND: "140.00", PEARL: "15.00"}
    story.import_care(a_one_off(10, StartDate="12/09/2022"))
    story.compare()
    assert ("adjustment", LATE_CARE, "15.00") in of_one_offs(story, SECOND_PERIOD)


def test_another_start_date_moves_a_one_off_while_its_period_is_open_and_no_longer(story: Story) -> None:
    story.import_care(a_care_row(1), a_one_off(StartDate="12/09/2022"))
    story.import_visits(DIAMOND, *a_week("a", FIRST_PERIOD))
    story.import_care(a_one_off(StartDate="10/10/2022"))
    story.compare()
    assert [amount for *_, amount in of_one_offs(story, FIRST_PERIOD)] == ["15.00", "-15.00"]
    assert of_one_offs(story, SECOND_PERIOD) == [("one_off", "One-off payment", "15.00")]
    story.finalise(FIRST_PERIOD)
    story.finalise(SECOND_PERIOD)
    story.import_care(a_one_off(StartDate="31/10/2022"))
    story.compare()
    assert of_one_offs(story, THIRD_PERIOD) == []
    story.import_care(a_one_off(StartDate="31/10/2022", ServiceName=ZONE, Contract="LWAH"))
    story.compare()
    assert of_one_offs(story, THIRD_PERIOD) == []


@pytest.mark.parametrize("claim_is_first", [True, False])
def test_a_one_off_that_stands_for_an_accepted_claim_is_paid_with_it_alone(
    story: Story, claim_is_first: bool
) -> None:
    stay = (CLIENT, dt.date(2022, 10, 5), dt.date(2022, 10, 9))
    near, same, far = a_one_off(9), a_one_off(8), a_one_off(7, StartDate="07/11/2022")
    story.import_care(a_care_row(1))
    if claim_is_first:
        story.claim(*stay)
        story.import_care(near, same, far)
    else:
        story.import_care(near, same, far)
        story.compare()
        assert story.oracle.books()["payable"] == {DIAMOND: "45.00"}
        story.claim(*stay)
    story.compare()
    assert story.oracle.books()["payable"] == {DIAMOND: "30.00"}
    # 8 stands for it: as near as 9, and the lower number. Moved out of reach, the next one does.
    story.import_care(a_one_off(8, StartDate="20/12/2022"))
    story.compare()
    story.import_care(a_one_off(9, ServiceLevel="Personal Care"))
    story.import_care(a_one_off(7, StartDate="06/11/2022"))
    story.compare()
    assert story.oracle.books()["payable"] == {DIAMOND: "30.00"}
    story.finalise(SECOND_PERIOD)
    story.claim(CLIENT, dt.date(2022, 12, 1), dt.date(2022, 12, 3))
    story.compare()
    assert story.oracle.books()["payable"] == {DIAMOND: "15.00"}


def test_a_line_item_that_turns_from_hours_to_a_one_off_and_back(story: Story) -> None:
    care = a_care_row(1, AssessedContribution="35.00")
    story.import_care(care)
    story.import_visits(DIAMOND, *a_week("a", SECOND_PERIOD))
    story.import_care(care | {"Unit": "Payment", "Frequency": "One-off", "StartDate": "10/10/2022"})
    story.compare()
    assert story.oracle.books()["total_charges"] == "0.00"
    story.finalise(SECOND_PERIOD)
    story.import_care(care)
    story.compare()
    assert story.oracle.books()["weeks"] == {"1/2022-10-03": [25200, 0, "140.00", "0.00"]}
