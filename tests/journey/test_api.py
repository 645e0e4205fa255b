"""The JSON API (DESIGN 4.2): files checked and applied, visits one by one, money, and what is refused."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from services.portal.api import RATE_LIMIT
from services.portal.api.limits import RateLimit
from tests.care_files import a_care_file, a_care_row
from tests.journey.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.journey.test_cases import BOOKS, CASES, COUNTS, a_made_council, expected
from tests.journey.test_import_in_two_steps import a_deletion, a_visit
from tests.visit_files import a_file, a_row
from tests.waiting import wait_until

__all__ = ["shared"]

DOCUMENT = {"id", "state", "counts", "forecast", "errors"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="30.00"),
    a_care_row(
        2, SSRef="A200", UnitCost="30.00", AssessedContribution="9.50", ContributionCollectedBy="Council"
    ),
    a_care_row(
        3, SSRef="B1", UnitCost="20.00", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"
    ),
)
CELLS = {
    "PlannedVisitDate": "03/10/2022",
    "PlannedEntryTime": "09:00",
    "PlannedExitTime": "10:00",
    "VisitType": "DHS",
    "DeliveredVisitDate": "03/10/2022",
    "DeliveredEntryTime": "09:00",
    "DeliveredExitTime": "10:00",
    "SSRef": "A123456",
    "ServiceLevel": "Personal Care",
}


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Emptied, with the care of two providers."""
    shared.council.empty()
    assert shared.council.import_care(CARE)["counts"]["new"] == 3
    wait_until(shared.council.is_settled, 30)
    return shared


@pytest.fixture
def diamond(a_council: ApiCouncil) -> Api:
    return a_council.api(DIAMOND)


def counts(document: Any) -> dict[str, int]:
    return {name: count for name, count in document["counts"].items() if count}


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def imported(shared: ApiCouncil, folder: Path) -> dict[str, int]:
    """A council's care by hand, its carers and visits through the API; the sums of the files' counts."""
    shared.council.empty()
    shared.council.import_care((folder / "care.csv").read_bytes())
    for carers in sorted((folder / "carers").iterdir()):
        answer = shared.api(f"{carers.stem} Ltd").send("/carers-files", carers.read_bytes())
        assert answer.status_code == 201, answer.json
    sums = dict.fromkeys(COUNTS, 0)
    for visits in sorted((folder / "visits").glob("*/*.csv")):
        api = shared.api(f"{visits.parent.name} Ltd")
        found = applied(api, visits.read_bytes())
        sums = {name: sums[name] + found["counts"][name] for name in COUNTS}
    return sums


def applied(api: Api, content: bytes) -> Any:
    """The document of a file that is applied, however long that takes."""
    answer = api.send("/visits-files", content, confirm="true")
    assert answer.status_code in (201, 202), answer.json
    path = f"/visits-files/{answer.json['id']}"
    wait_until(lambda: api.get(path).json["state"] == "applied", 60)
    found = api.get(path).json
    assert found.keys() == DOCUMENT
    return found


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((), "example-week/expected.json"),
        (
            ("--clients", "300", "--seed", "1", "--weeks", "1"),
            "council-seed1-clients300-weeks1.expected.json",
        ),
        (
            ("--clients", "300", "--seed", "7", "--weeks", "2"),
            "council-seed7-clients300-weeks2.expected.json",
        ),
    ],
)
def test_the_cases_come_out_exactly_through_the_api(
    shared: ApiCouncil, tmp_path: Path, arguments: tuple[str, ...], name: str
) -> None:
    folder = a_made_council(tmp_path / "council", *arguments) if arguments else CASES / "example-week"
    wanted = expected(name)
    assert imported(shared, folder) == {key: wanted[key] for key in COUNTS}
    assert shared.council.books() == {key: wanted[key] for key in BOOKS}
    assert shared.council.differences() == []


def test_a_file_is_checked_then_confirmed_and_then_paid(a_council: ApiCouncil, diamond: Api) -> None:
    answer = diamond.send("/visits-files", a_file(a_visit("V1"), a_visit("V2", VisitType="DH")))
    checked: Any = answer.json
    assert (answer.status_code, checked.keys(), checked["state"]) == (201, DOCUMENT, "checked")
    assert (counts(checked), checked["forecast"]) == (
        {"read": 2, "new": 1, "rejected": 1},
        {"payable": "30.00"},
    )
    assert [(e["row"], e["ref"], e["column"], e["code"]) for e in checked["errors"]] == [
        (3, "V2", "VisitType", "visit_type_unknown")
    ]
    place = answer.headers["Location"].removeprefix("/api/v1")
    assert a_council.council.books()["matched"] == 0
    confirmed = diamond.ask("POST", f"{place}/confirm", headers={"If-Match": answer.headers["ETag"]})
    assert (confirmed.status_code, confirmed.json["state"]) == (201, "applied")
    assert a_council.council.books()["total_payable"] == "30.00"
    assert diamond.ask("POST", f"{place}/confirm").json["state"] == "applied"
    assert diamond.ask("DELETE", place).status_code == 409
    rejected = diamond.get(f"{place}/rejected.csv")
    assert (rejected.mimetype, [row["VisitRef"] for row in rows(rejected.text)]) == ("text/csv", ["V2"])


def test_a_cancelled_file_changes_nothing_and_can_not_be_confirmed(
    a_council: ApiCouncil, diamond: Api
) -> None:
    file = diamond.file(a_file(a_visit()))
    assert diamond.ask("DELETE", f"/visits-files/{file['id']}").json["state"] == "cancelled"
    refused = diamond.ask("POST", f"/visits-files/{file['id']}/confirm")
    assert (refused.status_code, refused.json["code"], refused.mimetype) == (
        409,
        "wrong_state",
        "application/problem+json",
    )
    assert a_council.council.books()["matched"] == 0


def test_a_check_that_gives_another_result_by_now_is_shown_again(a_council: ApiCouncil, diamond: Api) -> None:
    first = diamond.send("/visits-files", a_file(a_visit(), a_visit("V2")))
    diamond.file(a_file(a_visit(DeliveredExitTime="10:30")), confirm="true")
    place = f"/visits-files/{first.json['id']}"
    seen = {"check_version": int(first.headers["ETag"].strip('"'))}
    refused = diamond.ask("POST", f"{place}/confirm", json=seen)
    assert (refused.status_code, refused.json["code"]) == (409, "check_again")
    assert counts(refused.json) == {"read": 2, "new": 1, "updated": 1}
    assert diamond.ask("POST", f"{place}/confirm", json=seen).status_code == 409
    seen["check_version"] = refused.json["check_version"]
    assert diamond.ask("POST", f"{place}/confirm", json=seen).status_code == 201
    assert a_council.council.books()["total_payable"] == "60.00"


def test_a_file_that_is_refused_says_what_to_do(diamond: Api) -> None:
    for content, code in [(b"", "empty_file"), (b"%PDF-1.4\n", None), (a_file(), "no_rows")]:
        file = diamond.file(content)
        assert (file["state"], file["counts"], file["forecast"]) == ("refused", None, None)
        (error,) = file["errors"]
        assert error["row"] is None
        assert error["code"] == (code or error["code"])


def test_errors_come_page_by_page(diamond: Api) -> None:
    file = diamond.file(a_file(*(a_visit(f"V{n}", VisitType="X") for n in range(5))))
    path, seen, query = f"/visits-files/{file['id']}", [], {"limit": "2"}
    while True:
        answer = diamond.get(path, **query)
        seen += [error["ref"] for error in answer.json["errors"]]
        if "Link" not in answer.headers:
            break
        address = answer.headers["Link"].split(">")[0].partition("?")[2]
        query = dict(part.split("=") for part in address.split("&"))
    assert seen == ["V0", "V1", "V2", "V3", "V4"]
    assert diamond.get(path, cursor="nonsense").status_code == 400


def test_an_idempotency_key_makes_two_uploads_one(a_council: ApiCouncil, diamond: Api) -> None:
    key = {"Idempotency-Key": "week 1"}
    first, again = (diamond.send("/visits-files", a_file(a_visit()), key, confirm="true") for _ in range(2))
    assert (first.status_code, first.json["state"]) == (201, "applied")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert "Idempotency-Replayed" in again.headers
    other = diamond.send("/visits-files", a_file(a_visit("V2")), key, confirm="true")
    assert (other.status_code, other.json["code"]) == (422, "key_used")
    elsewhere = a_council.api(PEARL).send("/visits-files", a_file(a_visit()), key, confirm="true")
    assert elsewhere.json["id"] != first.json["id"]
    bad = diamond.send("/visits-files", a_file(a_visit()), {"Idempotency-Key": "x" * 201})
    assert (bad.status_code, bad.json["code"]) == (400, "bad_key")


def test_a_visit_shows_its_match_and_what_it_pays_and_why(a_council: ApiCouncil, diamond: Api) -> None:
    diamond.file(
        a_file(
            a_visit("A/1"), a_visit("N1", SSRef="A999", PlannedEntryTime="11:00", PlannedExitTime="12:00")
        ),
        confirm="true",
    )
    a_council.council.books()
    visit = diamond.visit("A/1")
    assert (visit["status"], visit["cpli_id"], visit["week"]) == ("Matched", 1, "2022-10-03")
    assert (visit["pays"]["amount"], visit["pays"]["parts"][0]["unit_cost"]) == ("30.00", "30.00")
    assert visit["pays"]["week"]["payable"] == "30.00"
    unmatched = diamond.visit("N1")
    assert (unmatched["status"], unmatched["reason"], unmatched["pays"]) == ("Unmatched", "no_package", None)
    listed = {
        status: [
            item["ref"] for item in diamond.get("/visits", week="2022-10-05", status=status).json["items"]
        ]
        for status in ("New", "Matched", "Unmatched", "Missing Data")
    }
    assert listed == {"New": [], "Matched": ["A/1"], "Unmatched": ["N1"], "Missing Data": []}
    assert diamond.get("/visits", week="2022-10-10").json["items"] == []
    assert [item["ref"] for item in diamond.get("/visits", client="A123456").json["items"]] == ["A/1"]


def test_visits_come_page_by_page(diamond: Api) -> None:
    refs = [f"V{n}" for n in range(5)]
    diamond.file(a_file(*map(a_visit, refs)), confirm="true")
    seen, query = [], {"limit": "2"}
    while True:
        page: Any = diamond.get("/visits", **query).json
        seen += [item["ref"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == refs


def test_a_visit_is_entered_corrected_and_deleted_one_by_one(a_council: ApiCouncil, diamond: Api) -> None:
    made = diamond.put("V 1/2", CELLS)
    assert (made.status_code, made.json["status"]) == (201, "New"), made.json
    assert a_council.council.books()["total_payable"] == "30.00"
    assert diamond.put("V 1/2", CELLS).status_code == 428
    seen = {"If-Match": made.headers["ETag"]}
    longer = CELLS | {"DeliveredExitTime": "10:20"}
    changed = diamond.put("V 1/2", longer, seen)
    assert (changed.status_code, [v["version"] for v in changed.json["versions"]]) == (
        200,
        [made.json["version"]],
    )
    assert a_council.council.books()["total_payable"] == "40.00"
    assert diamond.put("V 1/2", CELLS, seen).status_code == 412
    same = diamond.put("V 1/2", diamond.visit("V 1/2")["values"], {"If-Match": changed.headers["ETag"]})
    assert (same.status_code, same.json["version"]) == (200, changed.json["version"])
    path = "/visits/V%201%2F2"
    deleted = diamond.ask("DELETE", path, query_string={"reason": "SPOT package of care"})
    assert (deleted.json["status"], deleted.json["reason_of_deletion"]) == ("Deleted", "SPOT package of care")
    assert Decimal(a_council.council.books()["total_payable"]) == 0
    assert len(diamond.visit("V 1/2")["versions"]) == 2
    back = diamond.put("V 1/2", CELLS, {"If-Match": deleted.headers["ETag"]})
    assert (back.status_code, back.json["deleted"]) == (200, False)
    assert back.json["versions"][0]["reason_of_deletion"] == "SPOT package of care"
    assert (a_council.council.books()["total_payable"], a_council.council.differences()) == ("30.00", [])


def test_a_visit_that_a_file_would_reject_is_rejected_with_every_reason(diamond: Api) -> None:
    refused = diamond.put("V1", CELLS | {"VisitType": "X", "PlannedExitTime": "09:00"})
    assert (refused.status_code, refused.json["code"]) == (422, "rejected")
    assert {error["code"] for error in refused.json["errors"]} == {
        "visit_type_unknown",
        "planned_no_duration",
    }
    assert diamond.put("V1", {"Nonsense": "1"}).status_code == 422
    assert diamond.put(" V1", CELLS).json["errors"][0]["code"] == "visit_ref_spaces"
    assert diamond.put("V1", CELLS, {"If-Match": '"7"'}).status_code == 412
    assert diamond.ask("PUT", "/visits/V1", data="{", content_type="application/json").status_code == 400
    assert diamond.ask("PUT", "/visits/V1", data="x", content_type="text/plain").status_code == 415


def test_a_provider_sees_its_care_and_not_what_its_clients_pay_the_council(diamond: Api) -> None:
    found: Any = diamond.get("/care-package-line-items").json
    assert [item["cpli_id"] for item in found["items"]] == [1, 2]
    assert found["items"][1]["terms"][0]["assessed_contribution"] is None
    export = rows(diamond.get("/commissioned-care.csv").text)
    assert [(row["SSRef"], row["CurrentQuantity"], row["OrganisationName"]) for row in export] == [
        ("A123456", "7", DIAMOND),
        ("A200", "7", DIAMOND),
    ]


def test_the_council_sees_every_provider_and_says_whose(a_council: ApiCouncil, diamond: Api) -> None:
    council = a_council.api(COUNCIL)
    assert [i["cpli_id"] for i in council.get("/care-package-line-items").json["items"]] == [1, 2, 3]
    assert [
        i["cpli_id"]
        for i in council.get("/care-package-line-items", organisation="pearl carers ltd").json["items"]
    ] == [3]
    assert council.send("/visits-files", a_file(a_visit())).json["code"] == "organisation_wanted"
    council.file(a_file(a_visit("V1")), confirm="true", organisation=DIAMOND)
    council.file(
        a_file(a_visit("V1", SSRef="B1", ServiceName="Pearl - APL")), confirm="true", organisation=PEARL
    )
    a_council.council.books()
    assert council.get("/visits/V1").status_code == 422
    assert council.visit("V1", organisation=PEARL)["cpli_id"] == 3
    periods: Any = council.get("/payment-periods").json
    assert [(p["start"], p["payable"], "charges" in p) for p in periods["items"]] == [
        ("2022-10-03", "50.00", True)
    ]
    own: Any = diamond.get("/payment-periods").json
    assert [(p["payable"], "charges" in p) for p in own["items"]] == [("30.00", False)]


def test_a_period_shows_its_items_and_its_remittance_advice(a_council: ApiCouncil, diamond: Api) -> None:
    diamond.file(a_file(a_visit("V1"), a_visit("V2", SSRef="A200")), confirm="true")
    a_council.council.books()
    items: Any = diamond.get("/payment-periods/2022-10-03/items").json
    assert sorted((i["client"], i["amount"], i["kind"]) for i in items["items"]) == [
        ("A123456", "30.00", "cost"),
        ("A200", "30.00", "cost"),
    ]
    assert items["items"][0]["explanation"]["delivered_seconds"] == 3600
    advice = rows(diamond.get("/payment-periods/2022-10-03/remittance.csv").text)
    assert [
        (row["Client"], row["CostOrIncome"], row["Reason"], row["From"], row["To"], row["Value"])
        for row in advice
    ] == [
        ("A123456", "cost", "Care delivered", "2022-10-03", "2022-10-09", "30.00"),
        ("A200", "cost", "Care delivered", "2022-10-03", "2022-10-09", "30.00"),
    ]
    document = diamond.get("/payment-periods/2022-10-03/remittance.pdf")
    assert (document.mimetype, document.data[:5]) == ("application/pdf", b"%PDF-")
    for start in ("2022-10-04", "soon", "20221003"):
        assert diamond.get(f"/payment-periods/{start}/items").status_code == 404


def test_what_can_not_be_taken_is_a_problem_with_a_sentence(a_council: ApiCouncil, diamond: Api) -> None:
    answers = {
        400: diamond.get("/visits", week="soon"),
        401: a_council.with_token("caretally_wrong_wrong").get("/visits"),
        404: diamond.get("/nowhere"),
        405: diamond.ask("PATCH", "/visits"),
        413: diamond.send("/carers-files", b"x" * 2_000_001),
        415: diamond.ask("POST", "/visits-files", data="{}", content_type="application/json"),
        422: diamond.send("/carers-files", "Nothing\n1\n"),
    }
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "application/problem+json"
        problem: Any = answer.json
        assert problem.keys() >= {"type", "title", "status", "detail", "code"}
        assert (problem["status"], problem["detail"][-1]) == (status, ".")
    assert diamond.send("/visits-files", b"x" * 50_000_001).status_code == 413


def test_a_token_that_asks_too_often_is_told_to_wait(a_council: ApiCouncil, diamond: Api) -> None:
    usual = a_council.app.config[RATE_LIMIT]
    a_council.app.config[RATE_LIMIT] = RateLimit(per_minute=1, burst=2)
    try:
        answers = [diamond.get("/payment-periods") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Retry-After" in answers[-1].headers
        assert a_council.api(PEARL).get("/payment-periods").status_code == 200
    finally:
        a_council.app.config[RATE_LIMIT] = usual


def test_a_deleted_visit_of_a_file_and_a_blank_reference(diamond: Api) -> None:
    diamond.file(a_file(a_visit()), confirm="true")
    diamond.file(
        a_file(a_deletion("V1"), a_row(VisitRef="V3", PlannedVisitDate="03/10/2022")), confirm="true"
    )
    assert diamond.visit("V1")["status"] == "Deleted"
    assert diamond.get("/visits/none").status_code == 404
    assert diamond.get("/visits/%00").status_code == 404


def test_a_body_in_chunks_is_never_cut_short_unseen(diamond: Api) -> None:
    content = io.BytesIO(b"CarerRef,Forename,Surname\r\n" + b"C,A,B\r\n" * 300_000)
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = diamond.ask(
        "POST", "/carers-files", input_stream=content, content_type="text/csv", environ_overrides=environ
    )
    assert answer.status_code == 413, answer.text
