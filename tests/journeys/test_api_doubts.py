"""Doubts through the JSON API: the council's system reads a week's, dismisses one and raises another (RULES 9)."""

from __future__ import annotations

from typing import Any

from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, an_undelivered_row

__all__ = ["shared"]

A_DAY = {"PlannedVisitDate": "03/10/2022", "VisitType": "C", "Comments": "", "SSRef": "A100"}


def test_a_system_of_the_council_dismisses_one_doubt_and_raises_another(shared: ApiCouncil) -> None:
    shared.empty()
    council, officer, provider = shared.council, shared.api(COUNCIL), shared.api(DIAMOND)
    council.import_care(a_care_file(a_care_row(1, Quantity="1.00")))
    council.books()
    visits = [an_undelivered_row(VisitRef=ref, **A_DAY) for ref in ("V1", "V2", "V3")]
    council.import_visits(DIAMOND, a_file(*visits))
    council.books()
    finance: Any = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    shared.app.extensions["gateway"].ask("disputes", "look_at_week", finance, monday="2022-10-03")
    council.books()

    found = officer.get("/doubts", week="2022-10-05", kind="missing_comment", limit=1).json
    (first,) = found["items"]
    place = {"week": "2022-10-05", "kind": "missing_comment", "cursor": found["next_cursor"]}
    second, third = officer.get("/doubts", **place).json["items"]
    assert {first["organisation"], first["client"], first["reason"]} == {DIAMOND, "A100", "Missing Comment"}
    assert sorted((*first["visits"], *second["visits"], *third["visits"])) == ["V1", "V2", "V3"]
    assert first["group"] == second["group"] == third["group"]

    path = f"/doubts/{first['doubt_id']}/dismiss"
    assert officer.ask("POST", path).status_code == 422
    for status in (200, 409):
        assert officer.ask("POST", path, json={"reason": "Agreed"}).status_code == status
    raised = officer.ask("POST", f"/doubts/{second['doubt_id']}/raise")
    assert (raised.status_code, raised.json["state"]) == (200, "raised")
    dispute = provider.get(f"/disputes/{raised.json['case_id']}").json
    assert "needs a comment" in dispute["messages"][0]["words"]
    (doubt,) = dispute["doubts"]
    assert (doubt["kind"], doubt["visits"], doubt["from"]) == (
        "missing_comment",
        second["visits"],
        "2022-10-03",
    )
    assert (dispute["week"], doubt["evidence"]["visit_type"]) == (None, "C")
    assert provider.get("/disputes").json["items"][0]["doubts"] == [doubt]
    assert officer.ask("POST", f"/doubts/{second['doubt_id']}/raise").status_code == 409

    words = {"reason": "Missing Comment", "words": "What happened?"}
    many = {"doubts": [first["doubt_id"], third["doubt_id"]], "words": [words]}
    done = officer.ask("POST", "/doubts/raise", json=many)
    assert (done.status_code, done.json["raised"]) == (200, 1)
    assert done.json["left"] == [
        {
            "doubt_id": first["doubt_id"],
            "code": "wrong_state",
            "message": "It was dismissed meanwhile.",
        }
    ]
    dispute = provider.get(f"/disputes/{done.json['disputes'][0]['case_id']}").json
    assert (dispute["details"], [one["ref"] for one in dispute["visits"]]) == (
        "What happened?",
        third["visits"],
    )
    assert provider.ask("POST", "/doubts/raise", json=many).status_code == 404
    unknown = many | {"doubts": [*many["doubts"], "00000000-0000-4000-8000-000000000000"]}
    assert officer.ask("POST", "/doubts/raise", json=unknown).status_code == 404
    assert officer.ask("POST", "/doubts/raise").status_code == 422
    assert officer.get("/doubts", week="2022-10-05", kind="missing_comment").json["items"] == []
    states = {
        one["doubt_id"] for one in officer.get("/doubts", week="2022-10-05", state="dismissed").json["items"]
    }
    assert states == {first["doubt_id"]}

    assert provider.get("/doubts", week="2022-10-05").status_code == 404
    assert provider.ask("POST", path, json={"reason": "No"}).status_code == 404
