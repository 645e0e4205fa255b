"""The JSON API (DESIGN 4.2): files checked and applied, visits one by one, money, and what is refused."""

from __future__ import annotations

import csv
import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from services.ingest.rows.headings import HEADINGS
from services.portal.api import RATE_LIMIT
from services.portal.api.limits import RateLimit
from tests.journeys.api_council import DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.journeys.test_cases import BOOKS, CASES, COUNTS, a_made_council, read_expected
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.council.racing import is_waiting, while_uncommitted
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

LAG_SECONDS = 2
DOCUMENT = {"id", "state", "counts", "forecast", "will_match", "file_warnings", "errors"}
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="30.00"),
    a_care_row(
        2, SSRef="A200", UnitCost="30.00", AssessedContribution="9.50", ContributionCollectedBy="Council"
    ),
    a_care_row(
        3, SSRef="B1", UnitCost="20.00", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"
    ),
)


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Emptied, with the care of two providers."""
    shared.empty()
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


def import_council(shared: ApiCouncil, folder: Path) -> dict[str, int]:
    """A council's care by hand, its carers and visits through the API; the sums of the files' counts."""
    shared.empty()
    shared.council.import_care((folder / "care.csv").read_bytes())
    for carers in sorted((folder / "carers").iterdir()):
        answer = shared.api(f"{carers.stem} Ltd").send("/carers-files", carers.read_bytes())
        assert answer.status_code == 201, answer.json
    sums = dict.fromkeys(COUNTS, 0)
    for visits in sorted((folder / "visits").glob("*/*.csv")):
        api = shared.api(f"{visits.parent.name} Ltd")
        found = apply_file(api, visits.read_bytes())
        sums = {name: sums[name] + found["counts"][name] for name in COUNTS}
    return sums


def apply_file(api: Api, content: bytes) -> Any:
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
    wanted = read_expected(name)
    assert import_council(shared, folder) == {key: wanted[key] for key in COUNTS}
    assert shared.council.books() == {key: wanted[key] for key in BOOKS}
    assert shared.council.differences() == []


def test_who_sends_at_once_after_care_came_waits_until_ingest_has_heard_of_it(shared: ApiCouncil) -> None:
    shared.empty()
    ingest, diamond = shared.council.sessions["ingest"], shared.api(DIAMOND)
    held = text("LOCK TABLE reference_state IN EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as sender:
        with while_uncommitted(ingest, lambda session: session.execute(held)):
            shared.council.import_care(CARE)
            wait_until(lambda: is_waiting(ingest))
            sent = sender.submit(diamond.send, "/carers-files", "CarerRef,Forename,Surname\nC1,Ann,Bell\n")
            with pytest.raises(TimeoutError):
                sent.result(LAG_SECONDS)
        answer = sent.result(20)
    assert answer.status_code == 201, answer.json


def test_a_file_is_checked_then_confirmed_and_then_paid(a_council: ApiCouncil, diamond: Api) -> None:
    answer = diamond.send("/visits-files", a_file(a_visit("V1"), a_visit("V2", VisitType="DH")))
    checked: Any = answer.json
    assert (answer.status_code, checked.keys(), checked["state"]) == (201, DOCUMENT, "checked")
    assert (counts(checked), checked["forecast"]) == (
        {"read": 2, "new": 1, "rejected": 1},
        {"payable": "30.00", "matched": 1, "unmatched": {}},
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


def test_what_is_doubtful_in_a_file_as_a_whole_is_in_its_document(diamond: Api) -> None:
    file = diamond.file(a_file(a_visit("V1"), (*a_visit("V2"), "7"), headings=[*HEADINGS, "Branch"]))
    extra, long_ago = file["file_warnings"]
    assert extra == {
        "code": "extra_columns",
        "rows": None,
        "row": None,
        "message": "The extra column 'Branch' is ignored.",
    }
    assert (long_ago["code"], long_ago["rows"], long_ago["row"]) == ("long_ago", 2, 2)
    assert diamond.get(f"/visits-files/{file['id']}").json["file_warnings"] == file["file_warnings"]


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


def test_a_body_in_chunks_is_never_cut_short_unseen(diamond: Api) -> None:
    content = io.BytesIO(b"CarerRef,Forename,Surname\r\n" + b"C,A,B\r\n" * 300_000)
    environ = {"wsgi.input_terminated": True, "CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = diamond.ask(
        "POST", "/carers-files", input_stream=content, content_type="text/csv", environ_overrides=environ
    )
    assert answer.status_code == 413, answer.text
