"""What a care row says otherwise than the one before it."""

from __future__ import annotations

from typing import Any

import pytest

from services.matching.book.changes import differences
from services.matching.book.rules import CareRow, parse_care_row
from services.matching.imports.checks import as_kept
from tests.support.builders.care_files import a_care_row


def a_kept_row(**cells: Any) -> dict[str, Any]:
    row = parse_care_row(2, a_care_row(1, **cells))
    assert isinstance(row, CareRow), row
    return as_kept(row)


SLOTS = "Tue 20:00-20:30; Mon 08:00-09:00"


@pytest.mark.parametrize(
    ("cells", "field", "before", "after"),
    [
        ({"EndDate": "31/10/2022"}, "EndDate", "", "31/10/2022"),
        ({"Quantity": "3.5"}, "Quantity", "7", "3.5"),
        ({"UnitCost": "23.226"}, "UnitCost", "20", "23.226"),
        ({"Authorised": "N"}, "Authorised", "Yes", "No"),
        ({"Timetable": SLOTS}, "Timetable", "", "Mon 08:00-09:00; Tue 20:00-20:30"),
        ({"Suspensions": "03/10/2022- holiday"}, "Suspensions", "", "03/10/2022- holiday"),
        ({"Suspensions": "3/10/22-9/10/22"}, "Suspensions", "", "03/10/2022-09/10/2022"),
        ({"AssessedContribution": "35"}, "AssessedContribution", "", "35"),
        ({"Surname": "Hart"}, "Surname", "", "Hart"),
        ({"EffectiveFrom": "03/10/2022"}, "EffectiveFrom", "", "03/10/2022"),
        ({"OneDiary": "y"}, "OneDiary", "", "Yes"),
        ({"OneDiary": "N"}, "OneDiary", "", "No"),
    ],
)
def test_a_changed_field_is_told_as_care_writes_it(
    cells: dict[str, str], field: str, before: str, after: str
) -> None:
    assert differences(a_kept_row(), a_kept_row(**cells)) == [
        {"field": field, "before": before, "after": after}
    ]


def test_what_means_the_same_is_no_difference() -> None:
    same = a_kept_row(Quantity="7", UnitCost="20", EffectiveFrom="01/08/2022")
    assert differences(a_kept_row(), same) == []


def test_an_identifier_that_a_row_leaves_empty_is_not_taken_away() -> None:
    assert differences(a_kept_row(NHSNumber="9434765919"), a_kept_row()) == []
