"""The council's own system sends care and circumstances by the JSON API (DESIGN 4.2, RULES 2)."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, DIAMOND, Api, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.run.waiting import wait_until

__all__ = ["shared"]


@pytest.fixture
def council_api(shared: ApiCouncil) -> Api:
    shared.empty()
    return shared.api(COUNCIL)


def put(api: Api, cpli_id: int, cells: dict[str, str], **headers: str) -> Any:
    body = {name: cell for name, cell in cells.items() if name != "CpliId" and cell}
    return api.ask("PUT", f"/care-package-line-items/{cpli_id}", json=body, headers=headers)


def test_care_is_checked_confirmed_and_corrected(council_api: Api) -> None:
    api, wrong = council_api, a_care_row(2, SSRef="A200", UnitCost="x")
    answer = api.send("/care-files", a_care_file(a_care_row(1), wrong))
    found: Any = answer.json
    assert answer.status_code == 201, found
    assert found["state"] == "checked"
    assert found["counts"] == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 1}
    assert [(error["row"], error["column"]) for error in found["errors"]] == [(3, "UnitCost")]
    rejected = api.get(f"/care-files/{found['id']}/rejected.csv")
    assert b"Reasons" in rejected.data
    assert re.search(r"=rejected-rows-of-care_as-at-[\d-]+\.csv", rejected.headers["Content-Disposition"])
    assert api.get("/care-package-line-items").json["items"] == []
    confirm = f"/care-files/{found['id']}/confirm"
    assert api.ask("POST", confirm).status_code == 409
    confirmed = api.ask("POST", confirm, headers={"If-Match": answer.headers["ETag"]})
    assert (confirmed.status_code, confirmed.json["state"]) == (201, "imported")
    dearer = api.send("/care-files", a_care_file(a_care_row(1, UnitCost="25.00")))
    wait_until(lambda: api.get(f"/care-files/{dearer.json['id']}").json["forecast"], 30)
    shown = api.get(f"/care-files/{dearer.json['id']}").json
    assert [(one["cpli_id"], one["fields"]) for one in shown["changes"]] == [
        (1, [{"field": "UnitCost", "before": "20", "after": "25"}])
    ]
    assert api.ask("DELETE", f"/care-files/{dearer.json['id']}").json["state"] == "cancelled"
    again = api.send("/care-files", a_care_file(a_care_row(1)), confirm="true")
    assert (again.status_code, again.json["counts"]["unchanged"]) == (201, 1)


def test_a_line_item_is_put_and_the_same_again_changes_nothing(council_api: Api, shared: ApiCouncil) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    first, again = (put(council_api, 7, a_care_row(7), **key) for _ in range(2))
    assert (first.status_code, first.json["counts"]["new"]) == (201, 1)
    assert again.json == first.json
    assert put(council_api, 7, a_care_row(7)).json["counts"]["unchanged"] == 1
    assert put(council_api, 7, a_care_row(7, UnitCost="25.00")).json["counts"]["changed"] == 1
    assert [one["cpli_id"] for one in council_api.get("/care-package-line-items").json["items"]] == [7]
    refused = put(council_api, 8, a_care_row(8, UnitCost="x", StartDate="soon"))
    assert (refused.status_code, refused.json["code"]) == (422, "rejected")
    assert [error["column"] for error in refused.json["errors"]] == ["StartDate", "UnitCost"]
    assert put(shared.api(DIAMOND), 7, a_care_row(7)).status_code == 404  # it is the council's alone


def test_circumstances_are_entered_ended_and_withdrawn(council_api: Api) -> None:
    api, ssref = council_api, a_care_row(1)["SSRef"]
    api.send("/care-files", a_care_file(a_care_row(1)), confirm="true")
    facts = {"client": ssref, "kind": "hospital", "from_on": "2022-10-04"}
    entered = api.ask("POST", "/circumstances", json=facts)
    assert entered.status_code == 201, entered.json
    (one,) = entered.json["items"]
    assert (one["kind"], one["to_on"], one["suspends"]) == ("hospital", None, True)
    assert api.ask("POST", "/circumstances", json=facts).json["code"] == "overlaps"
    place = f"/circumstances/{one['circumstance_id']}"
    assert api.ask("POST", f"{place}/end", json={"to_on": "2022-10-01"}).json["code"] == "end_before_start"
    ended = api.ask("POST", f"{place}/end", json={"to_on": "2022-10-09"}).json["items"][0]
    assert (ended["to_on"], len(ended["versions"])) == ("2022-10-09", 1)
    assert api.ask("POST", f"{place}/withdraw", json={"note": "Another client"}).json["items"][0]["withdrawn"]
    assert api.get("/circumstances", client=ssref).json["items"][0]["note"] == "Another client"
    assert api.ask("POST", f"{place}/end", json={"to_on": "2022-10-10"}).json["code"] == "wrong_state"
    assert api.get("/circumstances", client="nobody").status_code == 404
