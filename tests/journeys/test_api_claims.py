"""One-off claims through the JSON API: a provider drafts and submits, the council decides (RULES 10)."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.journeys.api_council import COUNCIL, ApiCouncil, shared
from tests.journeys.reported_council import words_of
from tests.support.council.claims import CARE, DAPL, DIAMOND, FLANDERS, PEARL, SPOT, flanders
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

ITEM = {
    "description": "One hour missed",
    "client": FLANDERS,
    "amount": "11.89",
    "admitted_on": "2022-11-10",
    "resumed_on": "2022-11-13",
}


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """[003]'s care, and Mr Flanders' visits."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.import_visits(DIAMOND, flanders())
    shared.council.books()
    return shared


def test_a_claim_from_the_draft_to_the_payment_item(a_council: ApiCouncil) -> None:
    provider, council, other = (a_council.api(name) for name in (DIAMOND, COUNCIL, PEARL))

    def post(api: Any, path: str, key: str, body: Any = None) -> Any:
        more = {} if body is None else {"json": body}
        return api.ask("POST", path, headers={"Idempotency-Key": key}, **more)

    draft = {"service": DAPL, "financial_year": "2022/23", "items": [ITEM]}
    first, again = (post(provider, "/claims", "a draft", draft) for _ in range(2))
    assert (first.status_code, again.json) == (201, first.json)
    claim = first.json
    assert (claim["state"], claim["total_payable"]) == ("Unsubmitted", "11.89")
    assert claim["items"][0]["worked_out"]["amount"] == "11.89"
    path = f"/claims/{claim['id']}"
    assert council.get(path).status_code == 404  # a draft is the provider's own
    assert [other.get(path).status_code, post(other, f"{path}/submit", "x").status_code] == [404, 404]
    assert post(council, "/claims", "x", draft).status_code == 404
    assert post(provider, f"{path}/submit", "hand it over").json["state"] == "Pending"
    letter = b"%PDF-1.7 discharge letter"
    sent = [
        api.ask("POST", "/attachments", query_string={"name": "letter.pdf"}, data=letter)
        for api in (provider, other)
    ]
    assert [one.status_code for one in sent] == [415, 415]
    octets = {"Content-Type": "application/octet-stream"}

    def send(api: Any, name: str) -> Any:
        return api.ask("POST", "/attachments", query_string={"name": name}, data=letter, headers=octets)

    assert send(provider, "letter.docx").json["code"] == "file_refused"
    mine, others = (
        send(provider, "letter.pdf").json["attachment"],
        send(other, "letter.pdf").json["attachment"],
    )
    note = {"words": "The discharge letter", "attachments": [mine]}
    (attached,) = post(provider, f"{path}/messages", "a note", note).json["attachments"]
    assert post(provider, f"{path}/messages", "not mine", note | {"attachments": [others]}).status_code == 422
    assert post(other, f"{path}/messages", "not theirs", note | {"attachments": [others]}).status_code == 404
    place = f"/attachments/{attached['attachment_id']}"
    assert [api.get(place).status_code for api in (provider, council, other)] == [200, 200, 404]
    taken = council.get(place)
    assert (taken.get_data(), taken.mimetype) == (letter, "application/octet-stream")
    assert "letter.pdf" in taken.headers["Content-Disposition"]
    assert post(provider, f"{path}/accept", "y", {"total_payable": "11.89"}).status_code == 404
    assert post(council, f"{path}/accept", "wrong", {"total_payable": "12.00"}).status_code == 409
    assert post(council, f"{path}/accept", "what", {}).status_code == 422
    assert post(council, f"{path}/reject", "why", {}).status_code == 422
    yes = {"total_payable": "11.89", "note": "As worked out"}
    assert post(council, f"{path}/accept", "not ours", yes | {"attachments": [mine]}).status_code == 422
    yes["attachments"] = [send(council, "working.pdf").json["attachment"]]
    for _ in range(2):
        accepted = post(council, f"{path}/accept", "yes", yes)
        assert (accepted.status_code, accepted.json["state"]) == (200, "Accepted")
    found = provider.get(path).json
    assert [one["name"] for one in found["attachments"]] == ["letter.pdf", "working.pdf"]
    assert found["attachments"][1]["message_id"] == found["messages"][-1]["message_id"]
    assert post(council, f"{path}/reject", "no", {"reason": "Too late"}).status_code == 409
    listed = council.get("/claims", state="Accepted", organisation=DIAMOND).json["items"]
    assert [one["id"] for one in listed] == [claim["id"]]
    assert other.get("/claims").json["items"] == []
    a_council.council.books()
    items = provider.get("/payment-periods/2022-10-31/items").json["items"]
    paid = [(one["reason"], one["amount"]) for one in items if one["kind"] == "claim"]
    assert paid == [("Hospital Incentive Payment", "11.89")]


def test_a_rejected_claim_pays_nothing_and_nowhere_says_otherwise(a_council: ApiCouncil) -> None:
    provider, manager = a_council.api(DIAMOND), a_council.browser("home_manager", DIAMOND)
    item = ITEM | {"client": "A400", "amount": "20.00"}
    draft = {"service": SPOT, "financial_year": "2022/23", "items": [item]}
    key = {"Idempotency-Key": "a claim under Spot"}
    claim = provider.ask("POST", "/claims", headers=key, json=draft).json
    path = f"/claims/{claim['id']}"
    before = words_of(manager, path)
    assert "Total payable if accepted £20.00" in before
    assert manager.post(f"{path}/submit", at=path, message_id=str(uuid.uuid4())).status_code == 303
    page = manager.get(path).text
    banner = page.partition('class="govuk-notification-banner"')[2].partition("<h1")[0]
    assert "Important" in banner
    assert "The claim was rejected automatically" in banner
    assert "govuk-notification-banner--success" not in page
    said = words_of(manager, path)
    assert "Total claimed £20.00: nothing of it is paid, as the claim is rejected" in said
    assert "No: the claim is rejected" in said
    assert "Total payable" not in said
    assert "Included No: the claim is rejected" in words_of(
        manager, f"{path}/items/{claim['items'][0]['item_id']}"
    )
    assert "£0.00 claimed £20.00" in words_of(manager, "/claims", year="2022/23")
    assert "£0.00 claimed £20.00" in words_of(a_council.browser("finance"), "/claims", state="Rejected")
    found = provider.get(path).json
    assert (found["state"], found["total_payable"], found["total_claimed"]) == ("Rejected", "0.00", "20.00")
    (listed,) = provider.get("/claims", state="Rejected").json["items"]
    assert (listed["total_payable"], listed["total_claimed"]) == ("0.00", "20.00")
