"""Holds of weeks of care through the JSON API, for the council's systems (RULES 8)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row

__all__ = ["shared"]

PATH = "/holds/1/2022-10-03"
HOLD = {"kind": "suspend", "reason": "The rate is looked into", "owner": "finance@council.example"}


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """A client's week of one hour at 20.00."""
    shared.empty()
    shared.council.import_care(a_care_file(a_care_row(1)))
    shared.council.books()
    day = {"PlannedVisitDate": "03/10/2022", "DeliveredVisitDate": "03/10/2022"}
    shared.council.import_visits(DIAMOND, a_file(a_row(VisitRef="V1", SSRef="A100", **day)))
    shared.council.books()
    return shared


def test_a_week_is_held_charged_otherwise_and_released(a_council: ApiCouncil) -> None:
    officer, council = a_council.api(COUNCIL), a_council.council
    pounds = council.books()["total_payable"]
    before = officer.get(PATH).json
    assert (before["is_held"], before["held"], before["unpaid"]) == (False, "0.00", pounds)

    held = officer.ask("PUT", PATH, json=HOLD)
    assert held.status_code == 200
    assert (held.json["is_held"], held.json["held"]) == (True, pounds)
    assert [one["status"] for one in held.json["items"]] == ["suspended"]
    assert council.books()["total_charges"] == pounds
    (listed,) = officer.get("/holds").json["items"]
    names = ("cpli_id", "week", "organisation", "client", "kind", "charge", "owner", "held")
    assert [listed[name] for name in names] == [
        1,
        "2022-10-03",
        DIAMOND,
        "A100",
        "suspend",
        "keep",
        HOLD["owner"],
        pounds,
    ]
    item = a_council.api(DIAMOND).get("/payment-periods/2022-10-03/items").json["items"][0]
    assert (item["payable"], item["hold"]["reason"]) == (False, HOLD["reason"])

    decided = officer.ask("PUT", f"{PATH}/charge", json={"charge": "nothing", "reason": "Not delivered"})
    assert decided.status_code == 200
    assert council.books()["total_charges"] == "0.00"
    released = officer.ask("POST", f"{PATH}/release")
    assert (released.status_code, released.json["held"]) == (200, "0.00")
    assert [one["kind"] for one in released.json["decisions"]] == ["suspend", "suspend", "release"]
    assert council.books()["total_charges"] == pounds
    assert officer.get("/holds").json == {"items": [], "next_cursor": None}
    assert officer.ask("POST", f"{PATH}/release").status_code == 409
    assert council.differences() == []


def test_the_list_of_holds_goes_on_by_cursor(a_council: ApiCouncil) -> None:
    officer = a_council.api(COUNCIL)
    for week in ("2022-10-03", "2022-10-10", "2022-10-17"):
        assert officer.ask("PUT", f"/holds/1/{week}", json=HOLD | {"kind": "cancel"}).status_code == 200
    weeks: list[Any] = []
    query: dict[str, Any] = {"limit": 2, "organisation": DIAMOND}
    while True:
        page = officer.get("/holds", **query).json
        weeks += [one["week"] for one in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert weeks == ["2022-10-03", "2022-10-10", "2022-10-17"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/holds/1/2022-10-04", HOLD, 422),
        ("/holds/1/3-10-2022", HOLD, 404),
        ("/holds/9/2022-10-03", HOLD, 404),
        ("/holds/99999999999999999999/2022-10-03", HOLD, 404),
        (PATH, HOLD | {"kind": "hide"}, 422),
        (PATH, HOLD | {"reason": ""}, 422),
        (PATH, HOLD | {"reason": "a\u0000b"}, 422),
        (PATH, HOLD | {"charge": "half"}, 422),
        (PATH, HOLD | {"seen": 1}, 409),
    ],
)
def test_what_is_no_hold_is_refused(a_council: ApiCouncil, path: str, body: Any, status: int) -> None:
    answer = a_council.api(COUNCIL).ask("PUT", path, json=body)
    assert answer.status_code == status, answer.json


def test_holds_are_the_council_s_alone(a_council: ApiCouncil) -> None:
    provider = a_council.api(DIAMOND)
    assert provider.get("/holds").status_code == 404
    assert provider.get(PATH).status_code == 404
    assert provider.ask("PUT", PATH, json=HOLD).status_code == 404
    assert a_council.api(COUNCIL).get(PATH).json["decisions"] == []
