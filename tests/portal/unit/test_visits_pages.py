"""What pages of visits work out by themselves: months, misfits, client lists (RULES 4, 5)."""

import datetime as dt
from typing import Any

import pytest

from libs.common.files.decoding import FileRefused
from services.portal.visits.client_lists.views import identifiers_in_file, identifiers_in_text, line_of
from services.portal.visits.differences import misfits
from services.portal.visits.months import month_of

TODAY = dt.date(2022, 10, 5)


def an_item(**changes: Any) -> dict[str, Any]:
    return {
        "service": "Diamond - Zone 6",
        "former_services": ["diamond - zone 5"],
        "service_ref": "S6",
        "service_level": "Personal Care",
        "start_on": "2022-08-01",
        "end_on": None,
    } | changes


def a_visit(planned_on: str = "2022-10-03", **cells: str) -> dict[str, Any]:
    given = {"ServiceRef": "", "ServiceName": "diamond –  zone 6", "ServiceLevel": "personal care"}
    return {"planned_on": planned_on, "values": given | cells}


@pytest.mark.parametrize(
    ("visit", "item", "differ"),
    [
        (a_visit(), an_item(), set()),
        (a_visit(ServiceName="Diamond - Zone 7"), an_item(), {"service"}),
        (a_visit(ServiceName="Diamond - Zone 5"), an_item(), set()),
        (a_visit(ServiceName=""), an_item(), set()),
        (a_visit(ServiceRef="S7"), an_item(), {"service"}),
        (a_visit(ServiceRef="S7"), an_item(service_ref=None), set()),
        (a_visit(ServiceLevel="Home Support"), an_item(), {"service_level"}),
        (a_visit("2022-07-31"), an_item(), {"start_on"}),
        (a_visit(), an_item(end_on="2022-10-02"), {"end_on"}),
        (a_visit(), an_item(end_on="2022-10-03"), set()),
    ],
)
def test_in_what_a_visit_differs_from_a_line_item(
    visit: dict[str, Any], item: dict[str, Any], differ: set[str]
) -> None:
    assert misfits(visit, item) == differ


def test_a_month_has_every_week_that_touches_it_and_leads_to_its_neighbours() -> None:
    october = month_of(dt.date(2022, 10, 31))
    assert [monday.isoformat() for monday in (october.mondays[0], october.mondays[-1])] == [
        "2022-09-26",
        "2022-10-31",
    ]
    assert (month_of(october.before).first, month_of(october.after).first) == (
        dt.date(2022, 9, 1),
        dt.date(2022, 11, 1),
    )


@pytest.mark.parametrize(
    ("items", "state", "shown"),
    [
        ([], "none", 0),
        ([an_item(end_on="2022-10-04")], "ended", 1),
        ([an_item(start_on="2022-10-06")], "not_yet", 1),
        ([an_item(end_on="2022-10-05")], "in_force", 1),
        ([an_item(end_on="2022-09-01"), an_item(start_on="2022-11-01")], "not_yet", 1),
        ([an_item(end_on="2022-09-01"), an_item(), an_item(start_on="2022-10-05")], "in_force", 2),
    ],
)
def test_a_client_is_in_force_while_any_line_item_is(
    items: list[dict[str, Any]], state: str, shown: int
) -> None:
    line = line_of("A1", items, TODAY)
    assert (line.state, len(line.items)) == (state, shown)


def test_a_client_list_is_the_column_ssref_or_else_the_first_one() -> None:
    assert identifiers_in_file(b"Name,ssref\r\nJo,A1\r\nAl, A2 \r\n\r\nJo,A1\r\n") == ["A1", "A2"]
    assert identifiers_in_file("\ufeffA1\nA2\n".encode()) == ["A1", "A2"]
    assert identifiers_in_text("SSRef\nA1, Jo\n\n A2\t5\nA1") == ["A1", "A2"]
    with pytest.raises(FileRefused, match="Excel"):
        identifiers_in_file(b"PK\x03\x04 xl/ " + bytes(20))
