"""The JSON API's edges: each provider sees its own alone, and the document is kept to."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from libs.common.care.clock import london_day
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.journeys.every_object import a_dispute, a_doubt
from tests.journeys.test_import_in_two_steps import a_visit
from tests.security.promises import TIMES
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="30.00"),
    a_care_row(3, SSRef="B1", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"),
)
EXAMPLES = 6 * TIMES


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with care; the first with an applied file, one that waits, and money."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.council.books()
    shared.api(DIAMOND).file(a_file(a_visit("A-ONLY"), a_visit("A-BAD", VisitType="X")), confirm="true")
    shared.council.books()
    return shared


def test_what_a_provider_sends_under_anothers_reference_or_name_is_its_own(a_council: ApiCouncil) -> None:
    other = a_council.api(PEARL)
    cells = {
        "PlannedVisitDate": "2022-10-03",
        "PlannedEntryTime": "09:00",
        "PlannedExitTime": "10:00",
        "VisitType": "H",
        "SSRef": "B1",
        "ServiceLevel": "Personal Care",
    }
    assert other.put("A-ONLY", cells, organisation=DIAMOND).status_code == 404
    assert other.put("A-ONLY", cells).json["organisation"] == PEARL
    assert other.put("A-X", cells | {"OrganisationName": DIAMOND}).status_code == 422
    assert a_council.api(DIAMOND).visit("A-ONLY")["values"]["SSRef"] == "A123456"
    for path in ("/visits-files", "/carers-files"):
        assert other.send(path, a_file(a_visit()), organisation=DIAMOND).status_code == 404


def test_a_clients_identifier_tells_a_provider_nothing_of_anothers_client(a_council: ApiCouncil) -> None:
    other = a_council.api(PEARL)
    for path in ("/visits", "/care-package-line-items"):
        assert other.get(path, client="A123456").json["items"] == []


def a_case_of_each_kind(api: Api) -> dict[str, str]:
    """The ids of an action, an enquiry and a review, by the names of parameters."""
    today = london_day(dt.datetime.now(dt.UTC))
    visit = {"weekday": f"{today:%a}", "entry": "18:00", "exit": "18:10"}
    bodies: dict[str, dict[str, Any]] = {
        "action": {"subject": "A question", "words": "Why?", "cpli_id": 1},
        "enquiry": {"words": "Nothing came", "client": "A123456", "week": "2022-10-03", "amount": "20.00"},
        "review": {"words": "Please", "cpli_id": 1, "first_on": str(today), "last_on": str(today)},
    }
    bodies["review"]["visits"] = [visit]
    found = {}
    for kind, body in bodies.items():
        path = {"action": "/actions", "enquiry": "/enquiries", "review": "/reviews"}[kind]
        answer = api.ask("POST", path, json=body)
        assert answer.status_code == 201, answer.json
        found[f"{kind}_id"] = answer.json["case_id"]
    return found


def test_a_case_is_begun_answered_and_listed_once_for_each_key(a_council: ApiCouncil) -> None:
    diamond, council, other = (a_council.api(name) for name in (DIAMOND, COUNCIL, PEARL))
    body = {"subject": f"About {uuid.uuid4().hex[:8]}", "words": "Which day?", "cpli_id": 1}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    first, again = (diamond.ask("POST", "/actions", json=body, headers=key) for _ in range(2))
    place = first.headers["Location"].removeprefix("/api/v1")
    assert (first.status_code, again.json["case_id"]) == (201, first.json["case_id"])
    assert (first.json["client"], first.json["turn"]) == ("A123456", "council")
    for _ in range(2):
        said = council.ask(
            "POST", f"{place}/messages", json={"words": "Friday", "move": "assign_to_provider"}, headers=key
        )
        assert (said.status_code, said.json["state"]) == (201, "Provider")
    shown = diamond.get(place).json
    assert [one["words"] for one in shown["messages"]] == ["Which day?", "Friday"]
    assert shown["allowed"] == ["assign_to_council"]
    assert shown["case_id"] in [
        one["case_id"] for one in diamond.get("/actions", turn="provider").json["items"]
    ]
    assert other.get("/actions").json["items"] == []
    assert other.get(place).status_code == 404
    assert other.ask("POST", f"{place}/messages", json={"words": "Let me in"}).status_code == 404
    assert other.ask("POST", "/actions", json=body).status_code == 404
    assert diamond.ask("POST", f"{place}/messages", json={"words": "x", "move": "close"}).status_code == 403
    review = a_case_of_each_kind(diamond)["review_id"]
    approving = {"words": "Yes", "move": "approve"}
    assert council.ask("POST", f"/reviews/{review}/messages", json=approving).status_code == 403


def asked_as_documented(a_council: ApiCouncil, api: Api, statuses: Counter[int]) -> list[Failure]:
    """What schemathesis finds with bounded, repeatable examples of every operation; `statuses` counts the answers."""
    config = SchemathesisConfig.from_dict({})
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", a_council.app, config=config)
    checks = [
        not_a_server_error,
        status_code_conformance,
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
    ]
    failures: list[Failure] = []
    file_id = a_council.api(DIAMOND).file(a_file(a_visit(f"S-{uuid.uuid4().hex[:6]}")))["id"]
    case_id = a_dispute(a_council)["case_id"]
    known = {"file_id": file_id, "visit_ref": "A-ONLY", "start": "2022-10-03", "case_id": case_id}
    known |= a_doubt(a_council)
    item = {"description": "In hospital", "client": "A123456", "amount": "1.00", "admitted_on": "2022-10-03"}
    draft = {"service": "Diamond Home Care - DAPL Oxford", "items": [item]}
    claim_id = a_council.api(DIAMOND).ask("POST", "/claims", json=draft).json["id"]
    known["claim_id"] = claim_id
    known |= a_case_of_each_kind(a_council.api(DIAMOND))
    documents: Any = a_council.api(DIAMOND).get("/contract-documents").json
    known["document_id"] = documents["items"][0]["document_id"]
    for found in schema.get_all_operations():
        operation: Any = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @operation_given(operation)
        def ask(case: Any, is_known: bool) -> None:
            if is_known and case.path_parameters:
                case.path_parameters = {
                    name: known.get(name, value) for name, value in case.path_parameters.items()
                }
            answer = case.call_and_validate(headers={"Authorization": f"Bearer {api.token}"}, checks=checks)
            statuses[answer.status_code] += 1

        try:
            ask()
        except* Failure as group:
            failures += group.exceptions
    return failures


def operation_given(operation: Any) -> Any:
    """Cases that fit the document, and cases that don't."""
    from hypothesis import given, strategies

    kinds = [
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE),
    ]
    return given(case=strategies.one_of(*kinds), is_known=strategies.booleans())


@pytest.mark.timeout(900)  # every operation, asked as both sides
def test_no_request_breaks_the_api_or_its_own_description(a_council: ApiCouncil) -> None:
    statuses: Counter[int] = Counter()
    for token in (DIAMOND, COUNCIL):
        assert asked_as_documented(a_council, a_council.api(token), statuses) == []
    assert statuses.keys() >= {200, 201, 400, 404, 422}, statuses
