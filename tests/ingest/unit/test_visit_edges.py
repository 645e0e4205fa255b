"""Values at the edges of a visits file (RULES 3): impossible dates, days to come, what can't be seen."""

import datetime as dt

import pytest

from services.ingest.rows.rules import Checked, check_rows
from tests.support.builders.visit_files import a_reference, a_row, an_undelivered_row

TODAY = dt.date(2022, 8, 15)


def check(*rows: tuple[str, ...]) -> Checked:
    return check_rows(list(enumerate(rows, 2)), a_reference(), TODAY)


def reasons(*rows: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(error.column, error.code) for error in check(*rows).errors]


@pytest.mark.parametrize("text", ["31/12/9999", "01/01/0001", "31/12/1999", "01/01/2100", "0001-01-01"])
@pytest.mark.parametrize("visit_type", ["C", "U", "C24", "H"])
def test_an_impossible_planned_date_is_rejected_for_every_type(text: str, visit_type: str) -> None:
    row = an_undelivered_row(VisitType=visit_type, PlannedVisitDate=text)
    assert reasons(row) == [("PlannedVisitDate", "planned_date_unreadable")]
    assert "is not from the years 2000 to 2099" in check(row).errors[0].message


def test_an_impossible_delivered_date_is_rejected() -> None:
    assert reasons(a_row(DeliveredVisitDate="01/01/0001")) == [
        ("DeliveredVisitDate", "delivered_date_unreadable")
    ]


@pytest.mark.parametrize(
    ("visit_type", "planned", "code"),
    [
        ("C", "15/08/2022", None),
        ("C", "16/08/2022", "planned_in_future"),
        ("U", "16/08/2022", "planned_in_future"),
        ("U", "01/08/2098", "planned_in_future"),
        ("C24", "16/08/2022", None),
        ("C24", "14/10/2022", None),
        ("C24", "15/10/2022", "planned_far_ahead"),
        ("H", "14/10/2022", None),
        ("H", "15/10/2022", "planned_far_ahead"),
    ],
)
def test_what_is_paid_is_not_planned_for_a_day_to_come(
    visit_type: str, planned: str, code: str | None
) -> None:
    found = reasons(an_undelivered_row(VisitType=visit_type, PlannedVisitDate=planned))
    assert found == ([("PlannedVisitDate", code)] if code else [])


@pytest.mark.parametrize("visit_type", ["DHS", "E"])
def test_a_delivered_visit_is_not_planned_for_a_day_to_come(visit_type: str) -> None:
    row = a_row(VisitType=visit_type, Comments="Fall", PlannedVisitDate="16/08/2022")
    assert reasons(row) == [("PlannedVisitDate", "planned_in_future")]


def test_a_type_that_the_council_pays_no_longer_may_lie_ahead() -> None:
    reference = a_reference()
    types = {ref: fact._replace(paid=False) for ref, fact in reference.visit_types.items()}
    row = an_undelivered_row(VisitType="C", PlannedVisitDate="16/08/2022")
    assert check_rows([(2, row)], a_reference(visit_types=types), TODAY).errors == []


@pytest.mark.parametrize("mark", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u200d", "\u00a0", "\u3000"])
def test_what_can_not_be_seen_makes_no_other_reference_type_level_or_date(mark: str) -> None:
    row = a_row(
        VisitRef=f"V1{mark}",
        SSRef=f"{mark}A123456",
        VisitType=f"DHS{mark}",
        ServiceLevel=f"Personal{mark} Care" if mark not in "\u00a0\u3000" else f"Personal{mark}Care",
        PlannedVisitDate=f"{mark}01/08/2022",
        PlannedEntryTime=f"09:00{mark}",
        Deleted=f"N{mark}",
    )
    checked = check(row)
    assert (checked.errors, checked.warnings) == ([], [])
    assert checked.accepted[0][1] == check(a_row()).accepted[0][1]


def test_two_references_that_look_alike_are_one_on_two_rows() -> None:
    assert reasons(a_row(), a_row(VisitRef="V1\u200b")) == [("VisitRef", "visit_ref_repeated")] * 2


def test_hard_spaces_between_the_parts_of_a_date_are_spaces() -> None:
    visit = check(a_row(PlannedVisitDate="03\u00a0Aug\u202f2022")).accepted[0][1]
    assert visit.planned_on == dt.date(2022, 8, 3)


def test_joiners_stay_inside_comments_and_a_comment_of_nothing_else_is_empty() -> None:
    assert check(a_row(Comments="👩🏽\u200d⚕️\u200b")).accepted[0][1].comments == "👩🏽\u200d⚕️"
    checked = check(an_undelivered_row(Comments="\u200b\u200d\u00a0"))
    assert [warning.code for warning in checked.warnings] == ["missing_comment"]
