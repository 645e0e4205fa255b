"""/api/v1/actuals and …-files: weeks that a provider enters, as another system sends them (RULES 13, DESIGN 4.2)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["shared"]

WEEK = "2022-10-03"
HOUR = 3600
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
BY_ACTUALS = {"PaymentMethod": "Actuals", "UnitCost": "23.226", "Timetable": DAILY, "Forename": "Ada"}
WEEKS = iter(
    f"2022-{month:02}-{day:02}" for month, day in ((9, 5), (9, 12), (9, 19), (9, 26), (10, 3), (10, 10))
)


@pytest.fixture(scope="module")
def council(shared: ApiCouncil) -> ApiCouncil:
    """Diamond has care that is paid by actuals, and Pearl too."""
    pearl = {"OrganisationName": PEARL, "ServiceName": "Pearl - APL", "Contract": "APL", "SSRef": "B1"}
    shared.council.import_care(a_care_file(a_care_row(1, **BY_ACTUALS), a_care_row(2, **BY_ACTUALS | pearl)))
    return shared


@pytest.fixture
def diamond(council: ApiCouncil) -> Api:
    return council.api(DIAMOND)


def a_line(day: str, delivered: int, **more: Any) -> dict[str, Any]:
    return {"first_on": day, "last_on": day, "delivered_seconds": delivered} | more


def test_a_week_is_generated_saved_and_saved_again_by_who_saw_it(council: ApiCouncil, diamond: Api) -> None:
    week = next(WEEKS)
    generated = diamond.ask("POST", "/actuals", json={"week": week}).json
    assert (generated["generated"], generated["total_cost"]) == (1, "162.58")
    seen = diamond.get(f"/actuals/1/{week}")
    assert (seen.json["state"], len(seen.json["lines"])) == ("generated", 7)
    tag = {"If-Match": seen.headers["ETag"]}
    body = {"lines": [a_line(week, 0, frustrated_seconds=HOUR, comment="Nobody at home")]}
    saved = diamond.ask("PUT", f"/actuals/1/{week}", json=body, headers=tag)
    assert (saved.status_code, saved.json["state"], saved.json["cost"]) == (200, "submitted", "162.59")
    stale = diamond.ask("PUT", f"/actuals/1/{week}", json=body, headers=tag)
    assert (stale.status_code, stale.json["code"]) == (412, "version_differs")
    tag = {"If-Match": saved.headers["ETag"]}
    more = {"lines": [a_line(week, HOUR, frustrated_seconds=HOUR)]}
    refused = diamond.ask("PUT", f"/actuals/1/{week}", json=more, headers=tag)
    assert (refused.status_code, [one["code"] for one in refused.json["errors"]]) == (
        422,
        ["more_than_planned"],
    )
    assert council.council.books()["weeks"][f"1/{week}"] == [6 * HOUR, HOUR, "139.36", "23.23"]


def test_hours_are_removed_marked_frustrated_and_a_week_deleted_with_a_reason(diamond: Api) -> None:
    week = next(WEEKS)
    path = f"/actuals/1/{week}"
    found = diamond.ask("POST", f"{path}/mark-frustrated", json={"first_on": week})
    assert (found.json["delivered_seconds"], found.json["frustrated_seconds"]) == (6 * HOUR, HOUR)
    tag = {"If-Match": found.headers["ETag"]}
    found = diamond.ask("POST", f"{path}/remove-hours", headers=tag)
    assert (found.json["delivered_seconds"], found.json["frustrated_seconds"]) == (0, 0)
    tag = {"If-Match": found.headers["ETag"]}
    assert diamond.ask("DELETE", path, headers=tag).json["code"] == "reason_wanted"
    found = diamond.ask("DELETE", path, headers=tag, query_string={"reason": "Entered twice"})
    assert (found.json["state"], found.json["reason"], len(found.json["versions"])) == (
        "submitted",
        "Entered twice",
        2,
    )


def test_a_week_is_exported_changed_and_imported(council: ApiCouncil, diamond: Api) -> None:
    week = next(WEEKS)
    rows = list(csv.DictReader(io.StringIO(diamond.get(f"/actuals/{week}.csv").text)))
    assert (len(rows), rows[0]["ClientName"], rows[0]["Delivered"]) == (7, "Ada", "1:00")
    rows[0]["Delivered"] = "0:15"
    checked = diamond.send("/actuals-files", an_actuals_file(*rows, an_actual_row(2)))
    assert checked.status_code == 201, checked.json
    assert {name: count for name, count in checked.json["counts"].items() if count} == {
        "read": 2,
        "new": 1,
        "rejected": 1,
    }
    assert checked.json["forecast"] == {"payable": "145.16", "matched": 1, "unmatched": {}}
    assert [one["code"] for one in checked.json["errors"]] == ["not_yours"]
    path = f"/actuals-files/{checked.json['id']}"
    rejected = diamond.get(f"{path}/rejected.csv").text
    assert "Reasons" in rejected.splitlines()[0]
    assert len(rejected.splitlines()) == 2
    confirmed = diamond.ask("POST", f"{path}/confirm", headers={"If-Match": checked.headers["ETag"]})
    assert (confirmed.status_code, confirmed.json["state"]) == (201, "applied")
    assert council.council.books()["weeks"][f"1/{week}"] == [6 * HOUR + 900, 0, "145.16", "0.00"]
    assert council.council.differences() == []


def test_nobody_else_sees_or_saves_a_week(council: ApiCouncil, diamond: Api) -> None:
    pearl = council.api(PEARL)
    for method, path in (("GET", ""), ("PUT", ""), ("POST", "/remove-hours"), ("POST", "/mark-frustrated")):
        body = {"lines": [a_line(WEEK, 60)]} if method == "PUT" else None
        assert pearl.ask(method, f"/actuals/1/{WEEK}{path}", json=body).status_code == 404
    assert [one["cpli_id"] for one in pearl.get("/actuals", week=WEEK).json["actuals"]] == [2]
    assert pearl.get("/actuals", week=WEEK, organisation=DIAMOND).status_code == 404
    file = diamond.send("/actuals-files", an_actuals_file(an_actual_row(1))).json["id"]
    assert pearl.get(f"/actuals-files/{file}").status_code == 404
    assert pearl.ask("DELETE", f"/actuals-files/{file}").status_code == 404
    assert pearl.ask("PUT", "/actual-rules/DAPL", json={"effective_from": WEEK}).status_code == 404
    found = council.api(COUNCIL).get("/actuals", week=WEEK).json["actuals"]
    assert [one["cpli_id"] for one in found] == [1, 2]


def test_a_contract_s_rules_are_set_by_the_council_and_weeks_not_confirmed_are_listed(
    council: ApiCouncil,
) -> None:
    asked = {"effective_from": "2022-10-10", "wants_comment": True, "confirm_weekday": 1, "confirm_hour": 12}
    found = council.api(COUNCIL).ask("PUT", "/actual-rules/APL", json=asked)
    assert found.status_code == 200, found.json
    assert found.json["items"][0]["contract"] == "APL"
    listed = council.api(PEARL).get("/actuals/unconfirmed").json["items"]
    assert {one["cpli_id"] for one in listed} == {2}
    assert council.api(DIAMOND).get("/actuals/unconfirmed").json["items"] == []


@pytest.mark.parametrize("week", ["2022-10-04", "soon", "1999-01-04"])
def test_a_week_is_named_by_a_monday(diamond: Api, week: str) -> None:
    assert diamond.get(f"/actuals/1/{week}").status_code == 404
    assert diamond.get("/actuals", week=week).status_code == 400
