"""Ranked lists, requisitions and offers through the JSON API, both sides (RULES 16)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from libs.common.care.organisation_ids import organisation_id_of
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row

__all__ = ["shared"]

QUARTER = "2022-Q4"
PERSON = {"who": "a second officer", "role": "council", "organisation": None, "staff": "commissioning"}
WANTED = {
    "client_reference": "A100",
    "service": "Home care",
    "service_level": "Personal Care",
    "hours": "10.5",
    "timetable": "mornings\nevenings",
    "start_on": "2022-10-03",
}


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with care."""
    shared.empty()
    pearl = {"OrganisationName": PEARL, "ServiceName": "Pearl - DAPL", "SSRef": "A200"}
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="A100"), a_care_row(2, **pearl)))
    shared.council.books()
    return shared


def ask(council: ApiCouncil, of: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The document of an answer with this status."""
    answer = council.api(of).ask(method, path, json=body)
    assert answer.status_code == status, (answer.status_code, answer.json)
    return answer.json


def a_list(council: ApiCouncil) -> str:
    """A list with both providers."""
    body = {"name": "Zone 6"}
    list_id = str(ask(council, COUNCIL, "POST", "/ranked-lists", body, 201)["list_id"])
    for organisation, price in ((DIAMOND, "20.00"), (PEARL, "25.00")):
        priced = {"organisation": organisation, "quarter": QUARTER, "price": price}
        ask(council, COUNCIL, "PUT", f"/ranked-lists/{list_id}/prices", priced)
    return list_id


def froze(council: ApiCouncil, list_id: str) -> str:
    """What two people freeze of the list as it stands."""
    seen = council.api(COUNCIL).get("/rankings", list="Zone 6", quarter=QUARTER, now="true").json["seen"]
    body = {"quarter": QUARTER, "seen": seen}
    done = ask(council, COUNCIL, "POST", f"/ranked-lists/{list_id}/proposals", body)
    gateway: Any = council.app.extensions["gateway"]
    gateway.ask("matching", "decide_proposal", PERSON, proposal_id=done["proposal_id"], approves=True)
    found = council.api(COUNCIL).get("/rankings", list="Zone 6", quarter=QUARTER).json
    return str(found["frozen"]["ranking_id"])


def test_a_list_is_ranked_frozen_and_appealed_against(a_council: ApiCouncil) -> None:
    list_id = a_list(a_council)
    terms = {"quarter": QUARTER, "quality_share": "40"}
    measures = [{"measure": "late", "best": "0", "worst": "10", "weight": "1"}]
    found = ask(a_council, COUNCIL, "PUT", f"/ranked-lists/{list_id}/terms", terms | {"measures": measures})
    assert (found["terms"]["price_share"], len(found["on_it"])) == ("60", 2)
    wrong = terms | {"measures": [measures[0] | {"weight": "0.5"}]}
    refused = ask(a_council, COUNCIL, "PUT", "/ranking-terms", wrong, 422)
    assert refused["code"] == "terms_wrong"
    ranking_id = froze(a_council, list_id)
    frozen = ask(a_council, COUNCIL, "GET", f"/rankings/{ranking_id}")
    assert [(one["organisation"], one["total"]) for one in frozen["ranking"]["organisations"]] == [
        (DIAMOND, "60.00"),
        (PEARL, "48.00"),
    ]
    (own,) = ask(a_council, PEARL, "GET", "/ranking-places")["items"]
    assert (own["ranking_id"], own["place"], own["out_of"]) == (ranking_id, 2, 2)
    explained = ask(a_council, PEARL, "GET", f"/ranking-places/{ranking_id}")
    assert explained["explained"]["price"] == "80.00"
    assert DIAMOND not in str(explained)
    note = {"note": "Our price is 19.00"}
    appeal = ask(a_council, PEARL, "POST", f"/ranking-places/{ranking_id}/appeals", note, 201)
    place = f"/rankings/{ranking_id}/appeals/{appeal['appeal_id']}"
    answered = ask(a_council, COUNCIL, "PUT", place, {"is_upheld": True, "reason": "So it is"})
    assert answered["state"] == "upheld"
    priced = {"organisation": PEARL, "quarter": QUARTER, "price": "19.00"}
    ask(a_council, COUNCIL, "PUT", f"/ranked-lists/{list_id}/prices", priced)
    anew = froze(a_council, list_id)
    again = ask(a_council, PEARL, "GET", f"/ranking-places/{ranking_id}")
    assert (again["place"], again["appeals"][0]["refrozen_as"]) == (2, anew)
    assert ask(a_council, PEARL, "GET", f"/ranking-places/{anew}")["place"] == 1


def test_a_requisition_goes_down_to_the_one_who_accepts(a_council: ApiCouncil) -> None:
    list_id = a_list(a_council)
    body = WANTED | {"list_id": list_id}
    assert ask(a_council, COUNCIL, "POST", "/requisitions", body, 422)["code"] == "nothing_frozen"
    froze(a_council, list_id)
    made = ask(a_council, COUNCIL, "POST", "/requisitions", body, 201)
    place = f"/requisitions/{made['requisition_id']}"
    assert (made["state"], made["next_provider"]["organisation"]) == ("to_offer", DIAMOND)
    first = ask(a_council, COUNCIL, "POST", f"{place}/offers", {"place": 1}, 201)
    (offer,) = ask(a_council, DIAMOND, "GET", "/offers")["items"]
    assert (offer["offer_id"], offer["state"], offer["client_reference"]) == (
        first["offer_id"],
        "offered",
        "",
    )
    answer = f"/offers/{first['offer_id']}/answer"
    ask(a_council, DIAMOND, "POST", answer, {"answer": "declined"}, 422)
    ask(a_council, PEARL, "POST", answer, {"answer": "accepted"}, 404)
    ask(a_council, DIAMOND, "POST", answer, {"answer": "declined", "reason": "No carers"})
    second = ask(a_council, COUNCIL, "POST", f"{place}/offers", {"place": 2}, 201)
    accepted = ask(a_council, PEARL, "POST", f"/offers/{second['offer_id']}/answer", {"answer": "accepted"})
    assert accepted["client_reference"] == "A100"
    (named,) = a_council.api(COUNCIL).get("/requisitions", state="accepted").json["items"]
    assert named["accepted_by"] == {
        "place": 2,
        "organisation_id": str(organisation_id_of(PEARL)),
        "organisation": PEARL,
    }
    assert a_council.api(COUNCIL).get("/requisitions", state="to_offer").json["items"] == []


def test_the_council_skips_withdraws_and_says_how_long_offers_stand(a_council: ApiCouncil) -> None:
    list_id = a_list(a_council)
    froze(a_council, list_id)
    made = ask(a_council, COUNCIL, "POST", "/requisitions", WANTED | {"list_id": list_id}, 201)
    place = f"/requisitions/{made['requisition_id']}"
    ask(a_council, COUNCIL, "POST", f"{place}/skips", {"place": 1}, 422)
    skipped = ask(a_council, COUNCIL, "POST", f"{place}/skips", {"place": 1, "reason": "Her wish"})
    assert skipped["next_provider"]["organisation"] == PEARL
    today = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    hours = {"effective_from": today.isoformat(), "hours": 4}
    assert ask(a_council, COUNCIL, "PUT", "/offer-hours", hours)["items"][0]["hours"] == 4
    offered = ask(a_council, COUNCIL, "POST", f"{place}/offers", {"place": 2}, 201)
    done = ask(a_council, COUNCIL, "POST", f"{place}/withdraw", {"reason": "In hospital"})
    assert (done["state"], done["reason"]) == ("withdrawn", "In hospital")
    assert ask(a_council, PEARL, "GET", f"/offers/{offered['offer_id']}")["state"] == "withdrawn"
    for path in ("/requisitions", "/ranked-lists?quarter=2022-Q4", "/offer-hours", place):
        ask(a_council, PEARL, "GET", path, status=404)
    for path in ("/offers", "/ranking-places"):
        ask(a_council, COUNCIL, "GET", path, status=404)
