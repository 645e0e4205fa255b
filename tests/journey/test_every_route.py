"""Every route of the portal, pages and API, found by walking the map: who gets in, what nobody else may see, and what
every answer says to browsers."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from libs.common.clock import london_day
from libs.common.names import organisation_id_of
from libs.common.objects import write_object
from services.portal import accounts, attachments, contacts, look, resets, rules, store, store_contacts
from services.portal.access import caller_of
from services.portal.carers_files import CarersFile, sealed
from tests.accounts import Browser, csrf_token, path_of
from tests.care_files import a_care_file, a_care_row
from tests.journey.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journey.test_import_in_two_steps import a_visit
from tests.visit_files import a_file
from tests.waiting import wait_until

__all__ = ["shared"]

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
UNSAFE = METHODS[1:]
OPEN = {
    "static",
    "look.council",
    "health.alive",
    "health.ready",
    "health.counted",
    "home.home",
    "home.state",
    "guide.contents",
    "guide.visits_file",
    "guide.visit_types",
    "guide.unmatched",
    "guide.scenarios",
    "guide.calendar",
    "login.password",
    "login.digits",
    "login.app",
    "login.logout",
    "login.ask_for_reset",
    "login.reset",
    "api.openapi_document",
}
"""What a stranger may ask. Whatever else there is asks who they are."""
SHARED = {"start", "contract", "level", "ref"}
"""Parameters that name what is everybody's: a period has each provider's own items; lists are the council's."""
MAKERS = {"api.put_visit"}
"""These make something of the asker's own under a name that another may use too."""
BODIES = {
    f"api.say_in_{kind}": {"words": "Let me in."}
    for kind in ("action", "claim", "dispute", "enquiry", "review")
}
"""What the API must be sent for these, to be refused for nothing else than who asks."""
SECRETS = ("A-ONLY", "A-BAD", "A123456", DIAMOND, "255.49")
CARE = a_care_file(
    a_care_row(1, SSRef="A123456", UnitCost="255.49"),
    a_care_row(
        3, SSRef="B1", UnitCost="20.00", OrganisationName=PEARL, ServiceName="Pearl - APL", Contract="APL"
    ),
)


@dataclass(frozen=True)
class Route:
    """One way to ask for one rule of the map, its parameters filled in."""

    endpoint: str
    method: str
    path: str
    parameters: frozenset[str]
    allowed: tuple[str, ...]
    """roles and sides that may; empty for all"""

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def is_for_providers(self) -> bool:
        return not self.allowed or bool({"provider", "home_manager"} & set(self.allowed))

    @property
    def is_open(self) -> bool:
        return self.endpoint in OPEN

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"


@pytest.fixture(scope="module")
def a_council(shared: ApiCouncil) -> ApiCouncil:
    """Two providers with care; the first with an applied file and money."""
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    shared.api(DIAMOND).file(a_file(a_visit("A-ONLY"), a_visit("A-BAD", VisitType="X")), confirm="true")
    assert shared.council.books()["total_payable"] == "255.49"
    officer = shared.browser("finance")
    page = officer.get("/clients/A123456").location
    officer.post(f"{page}/circumstances", at=page, kind="respite", from_on="2022-10-03")
    return shared


@pytest.fixture
def objects(a_council: ApiCouncil) -> dict[str, str]:
    """What the first provider has, by the names of the parameters of routes."""
    parts = a_council.parts
    holder = a_council.account("home_manager", DIAMOND)
    resets.ask_for_reset(parts, "Jo", DIAMOND, holder.email, "01632 960 001", address=uuid.uuid4().hex)
    with a_council.council.sessions["matching"].begin() as session:
        circumstance = session.execute(
            text("SELECT client_id, circumstance_id FROM client_circumstances")
        ).one()
    with parts.sessions.begin() as transaction:
        asked = [request for request, found in store.open_requests(transaction) if found is not None]
        contact = store_contacts.contacts_of(transaction, organisation_id_of(DIAMOND))[-1]
    role = ({*rules.PROVIDER_ROLES} - {*contact.roles}).pop()
    carers_id, _ = a_council.council.upload("carers-files", "CarerRef,Forename,Surname\nA-ONLY,Ann,Bell\n")
    content = a_file(a_visit(f"A-{uuid.uuid4().hex[:6]}"), a_visit("A-BAD", VisitType="X"))
    return {
        "file_id": a_council.api(DIAMOND).file(content)["id"],
        "visit_ref": "A-ONLY",
        "start": "2022-10-03",
        "item_id": an_item(a_council),
        "run_id": a_run(a_council),
        "cpli_id": "1",
        "client": "A123456",
        "client_id": str(circumstance.client_id),
        "circumstance_id": str(circumstance.circumstance_id),
        "carers_file": sealed(parts, caller_of(holder), CarersFile(str(carers_id), "carers.csv", None)),
        "import_id": a_council.council.import_care(CARE)["id"],
        "query_id": str(uuid.uuid4()),
        "document_id": a_document(a_council),
        **a_claim(a_council),
        "account_id": str(holder.account_id),
        "request_id": str(asked[-1].request_id),
        "token_id": accounts.add_token(parts, DIAMOND, 1, "tests").split("_")[1],
        "contact_id": str(contact.contact_id),
        "role": role,
        "change_id": str(contacts.ask_for_new(parts, holder, contact.details, role)),
        "secret": resets.make_link(parts, holder.account_id, "tests").rpartition("/")[2],
        "filename": "portal.css",
        **a_dispute(a_council),
        **a_doubt(a_council),
        "contract": "DAPL",
        "level": "personal care",
        "ref": "DHS",
        **cases(a_council),
    }


def a_doubt(a_council: ApiCouncil) -> dict[str, str]:
    """What was picked of the first provider's week, to be looked at by the council."""
    gateway: Any = a_council.app.extensions["gateway"]
    finance = {"who": "finance", "role": "council", "organisation": None}
    row = {"cpli_id": 1, "organisation_id": str(organisation_id_of(DIAMOND)), "client": "A123456"}
    row |= {
        "planned_seconds": 3600,
        "delivered_seconds": 3600,
        "planned_cost": "255.49",
        "delivered_cost": "255.49",
    }
    how = {"monday": "2022-10-03", "way": "largest_time", "size": 1, "out_of": 1}
    sample_id = str(uuid.uuid4())
    gateway.ask("disputes", "keep_sample", finance, sample_id=sample_id, rows=[row], **how)
    (doubt,) = gateway.ask("disputes", "doubts", finance, sample_id=sample_id)
    return {"sample_id": sample_id, "doubt_id": doubt["doubt_id"]}


def cases(a_council: ApiCouncil) -> dict[str, str]:
    """An action with an attachment, an enquiry and a review of the first provider."""
    gateway: Any = a_council.app.extensions["gateway"]
    manager = {"who": "A-ONLY", "role": "provider", "organisation": str(organisation_id_of(DIAMOND))}
    ids = {f"{kind}_id": str(uuid.uuid4()) for kind in ("action", "enquiry", "review")}
    said: dict[str, Any] = {"subject": "A-ONLY", "words": "A-ONLY"}
    attached = attachments.stored(uuid.uuid4(), [("A-ONLY.txt", b"A-ONLY")])
    gateway.ask(
        "disputes", "open_action", manager, case_id=ids["action_id"], cpli_id=1, attachments=attached, **said
    )
    gateway.ask("disputes", "open_enquiry", manager, case_id=ids["enquiry_id"], about="missing", **said)
    today = london_day(dt.datetime.now(dt.UTC))
    visit = {"weekday": today.weekday(), "entry": 0, "exit": 3600}
    asked = {"first_on": str(today), "last_on": str(today), "visits": [visit], "cpli_id": 1}
    gateway.ask("disputes", "open_review", manager, case_id=ids["review_id"], **asked, **said)
    return ids | {"attachment_id": attached[0]["attachment_id"]}


def an_item(a_council: ApiCouncil) -> str:
    """A payment item of the first provider."""
    items: Any = a_council.api(DIAMOND).get("/payment-periods/2022-10-03/items").json
    return str(items["items"][0]["item_id"])


def a_document(a_council: ApiCouncil) -> str:
    """A contract document of the first provider."""
    documents: Any = a_council.api(DIAMOND).get("/contract-documents").json
    return str(documents["items"][0]["document_id"])


def a_dispute(a_council: ApiCouncil) -> dict[str, str]:
    """A dispute with the first provider, and an attachment of its answer."""
    gateway: Any = a_council.app.extensions["gateway"]
    organisation_id, ids = str(organisation_id_of(DIAMOND)), [str(uuid.uuid4()) for _ in range(3)]
    finance = {"who": "finance", "role": "council", "organisation": None}
    visit = {
        "visit_ref": f"A-ONLY-{ids[0][:6]}",
        "version": 1,
        "deleted": False,
        "values": {"SSRef": "A123456"},
    }
    asked = {"case_id": ids[0], "organisation_id": organisation_id, "client_reference": "A123456"}
    asked |= {"reason": "Missing Comment", "words": "Why was A-ONLY longer?", "visits": [visit]}
    gateway.ask("disputes", "raise_disputes", finance, disputes=[asked])
    write_object(f"attachments/{ids[1]}", b"A-ONLY")
    file = {"attachment_id": ids[1], "name": "A-ONLY.txt", "content_type": "text/plain", "size_bytes": 6}
    file |= {"sha256": "0" * 64, "object_key": f"attachments/{ids[1]}"}
    manager = {"who": "manager", "role": "provider", "organisation": organisation_id}
    said = {"case_id": ids[0], "message_id": ids[2], "words": "She had a fall.", "attachments": [file]}
    gateway.ask("disputes", "say", manager, kind="dispute", move="", **said)
    return {"case_id": ids[0], "attachment_id": ids[1]}


def a_claim(a_council: ApiCouncil) -> dict[str, str]:
    """A submitted claim of the first provider, with an item."""
    item = {
        "description": "In hospital",
        "client": "A123456",
        "amount": "255.49",
        "admitted_on": "2022-10-03",
    }
    body = {"service": "Diamond Home Care - DAPL Oxford", "items": [item]}
    claim = a_council.api(DIAMOND).ask("POST", "/claims", json=body).json
    a_council.api(DIAMOND).ask("POST", f"/claims/{claim['id']}/submit")
    return {"claim_id": claim["id"], "client_item": claim["items"][0]["item_id"]}


def a_run(a_council: ApiCouncil) -> str:
    """A payment run that pays the first provider; runs are the council's."""
    run_id, finance = str(uuid.uuid4()), {"who": "finance", "role": "council", "organisation": None}
    gateway: Any = a_council.app.extensions["gateway"]
    gateway.ask("payments", "prepare_run", finance, run_id=run_id, start="2022-10-03", contract=None)
    return run_id


def routes(app: Flask, objects: dict[str, str]) -> Iterator[Route]:
    for rule in app.url_map.iter_rules():
        unknown = rule.arguments - objects.keys()
        if unknown:
            pytest.fail(
                f"{rule.rule} has the parameter {', '.join(unknown)}, which this test does not know: add such an object"
                f" of {DIAMOND} to `objects`."
            )
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: objects[found[1]], rule.rule)
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", None)
        asks_itself = allowed is not None or rule.endpoint in OPEN or rule.rule.startswith("/api/")
        assert asks_itself, f"{rule.rule} does not say who may see it: make its view `signed_in`."
        for method in METHODS:
            if method in (rule.methods or ()):
                yield Route(rule.endpoint, method, path, frozenset(rule.arguments), allowed or ())


def asked(council: ApiCouncil, route: Route, browser: Browser, of: str, **query: str) -> TestResponse:
    """The answer to a provider: to its token, or to its browser with the CSRF token and some fields of forms."""
    if route.is_api:
        path = route.path.removeprefix("/api/v1")
        body = BODIES.get(route.endpoint)
        return council.api(of).ask(route.method, path, query_string=query, json=body)
    fields = {"csrf_token": csrf_token(browser.get("/account/password").text), "check_version": "1"}
    given: dict[str, Any] = {} if route.method == "GET" else {"data": fields}
    return browser.client.open(route.path, method=route.method, query_string=query, **given)


def secrets_in(answer: TestResponse, but: str = "\0") -> list[str]:
    """What is the first provider's alone; `but`: what was asked for may be said again."""
    content = answer.get_data().decode(errors="replace").replace(but, "")
    return [secret for secret in SECRETS if secret in content]


def test_what_is_one_provider_s_is_404_for_another_on_every_route(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    other, tried = a_council.browser("home_manager", PEARL), set()
    for route in routes(a_council.app, objects):
        if not route.parameters - SHARED or route.is_open or route.endpoint in MAKERS:
            continue
        wanted = 404 if route.is_for_providers else 403
        answer = asked(a_council, route, other, PEARL)
        assert (answer.status_code, secrets_in(answer)) == (wanted, []), f"{route}: {answer.text}"
        named = asked(a_council, route, other, PEARL, organisation=DIAMOND)
        assert named.status_code in (wanted, 400), f"{route}: {named.text}"
        assert secrets_in(named, but=DIAMOND) == [], f"{route}: {named.text}"
        tried.add(route.endpoint.partition(".")[0])
    assert tried == {
        "api",
        "attachments",
        "care",
        "care_imports",
        "carers",
        "clients",
        "contract_documents",
        "disputes",
        "visits",
        "visits_change",
        "visits_files",
        "payments_items",
        "payments_runs",
        "charges",
        "claims",
        "claims_items",
        "helpdesk",
        "tokens",
        "contacts",
        "change_requests",
        "worklist_samples",
        "actions",
        "enquiries",
        "reviews",
    }
    diamond = a_council.api(DIAMOND)
    assert diamond.get(f"/visits-files/{objects['file_id']}").json["state"] == "checked"
    assert diamond.visit("A-ONLY")["deleted"] is False


def test_what_is_everybody_s_shows_each_provider_its_own_alone(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    other, tried = a_council.browser("home_manager", PEARL), set()
    for route in routes(a_council.app, objects):
        if route.parameters - SHARED or route.is_open or "helpdesk" in route.allowed:
            continue
        assert secrets_in(asked(a_council, route, other, PEARL)) == [], route
        named = asked(a_council, route, other, PEARL, organisation=DIAMOND)
        assert secrets_in(named, but=DIAMOND) == [], route
        tried.add(route.path)
    assert tried >= {"/visits", "/visits-files", "/payments", "/payments/2022-10-03", "/api/v1/visits"}
    shown = a_council.browser("home_manager", DIAMOND).get("/payments/2022-10-03")
    assert "255.49" in shown.text  # what was looked for is there to be seen


def test_strangers_are_sent_to_sign_in_and_the_api_says_401(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    nobody, pages, api = Browser(a_council.app.test_client()), 0, 0
    token = csrf_token(nobody.get("/login").text)
    signed_in = a_council.browser("home_manager", DIAMOND)
    for route in routes(a_council.app, objects):
        if route.is_open:
            continue
        data = {"csrf_token": token} if route.method in UNSAFE else None
        answer = nobody.client.open(route.path, method=route.method, data=data)
        if route.is_api:
            by_cookie = signed_in.client.open(route.path, method=route.method)
            for refused in (answer, by_cookie):
                assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer"), route
                assert refused.mimetype == "application/problem+json"
            api += 1
        else:
            assert (answer.status_code, path_of(answer)) == (303, "/login"), route
            pages += 1
    assert min(pages, api) > 10


@pytest.mark.parametrize("role", rules.ROLES)
def test_a_page_is_403_for_every_role_that_it_is_not_for(
    a_council: ApiCouncil, objects: dict[str, str], role: str
) -> None:
    who = a_council.browser(role, DIAMOND if role in rules.PROVIDER_ROLES else None)
    let_in, refused = 0, 0
    for route in routes(a_council.app, objects):
        if route.is_api or not route.allowed or route.method != "GET":
            continue
        answer = who.get(route.path)
        if {role, rules.side_of(role)} & set(route.allowed):
            assert answer.status_code not in (303, 401, 403, 500), f"{route}: {answer.status_code}"
            let_in += 1
        else:
            assert answer.status_code == 403, f"{route}: {answer.status_code}"
            assert "no access to this page" in answer.text
            refused += 1
    assert min(let_in, refused) > 0


def test_every_unsafe_page_refuses_a_missing_and_a_wrong_csrf_token(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    browser, tried = a_council.browser("home_manager", DIAMOND), 0
    somebody_elses = csrf_token(a_council.browser("home_manager", DIAMOND).get("/account/password").text)
    for route in routes(a_council.app, objects):
        if route.is_api or route.method not in UNSAFE:
            continue
        for data in ({}, {"csrf_token": "x"}, {"csrf_token": somebody_elses}):
            answer = browser.client.open(route.path, method=route.method, data=data)
            assert (answer.status_code, "CSRF" in answer.text) == (400, True), f"{route}: {answer.text}"
        tried += 1
    assert tried > 10
    assert browser.is_in()  # even /logout was refused
    assert a_council.api(DIAMOND).get(f"/visits-files/{objects['file_id']}").json["state"] == "checked"


def directives(answer: TestResponse) -> dict[str, list[str]]:
    """The Content-Security-Policy: directive to sources."""
    parts = (part.split() for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


def assert_safe(answer: TestResponse, about: object, *, is_file: bool = False) -> None:
    """What every answer must say to a browser."""
    policy = directives(answer)
    assert policy["default-src"] == ["'none'"], about
    assert policy["frame-ancestors"] == ["'none'"], about
    assert policy["base-uri"] == ["'none'"], about
    everything = {source for sources in policy.values() for source in sources}
    assert not everything & {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "*", "data:", "https:"}, (
        about
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff", about
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), about
    seconds = re.match(r"max-age=(\d+)", answer.headers["Strict-Transport-Security"])
    assert seconds is not None, about
    assert int(seconds[1]) >= 31_536_000, about
    assert is_file or answer.headers["Cache-Control"] == "no-store", about
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")), (about, cookie)


def test_every_answer_tells_browsers_to_run_keep_and_frame_nothing(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    nobody, statuses = a_council.app.test_client(), set()
    browser = a_council.browser("home_manager", DIAMOND)
    for route in routes(a_council.app, objects):
        is_file = route.endpoint in look.FILES
        answers = [
            nobody.open(route.path, method=route.method),
            nobody.open(route.path, method="OPTIONS"),
            nobody.open(route.path, method="TRACE"),
        ]
        if route.method == "GET":
            answers += [asked(a_council, route, browser, DIAMOND), browser.client.head(route.path)]
        for answer in answers:
            assert_safe(answer, route, is_file=is_file)
            statuses.add(answer.status_code)
            answer.close()
    for path in (
        "/nowhere",
        "/static/nowhere.css",
        "/api/v1/nowhere",
        "/api/nowhere",
        "/visits-files/1",
    ):
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert_safe(answer, path, is_file=path.startswith("/static"))
    assert statuses >= {200, 303, 400, 401, 405}


def test_an_attachment_is_taken_along_by_the_two_sides_and_never_shown(
    a_council: ApiCouncil, objects: dict[str, str]
) -> None:
    place = f"/attachments/{objects['attachment_id']}"
    for role, of, status in (
        ("home_manager", DIAMOND, 200),
        ("finance", None, 200),
        ("home_manager", PEARL, 404),
        ("helpdesk", None, 403),
    ):
        answer = a_council.browser(role, of).get(place)
        assert answer.status_code == status
        assert (answer.data == b"A-ONLY") is (status == 200)
        if status == 200:
            assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''A-ONLY.txt"
            assert answer.headers["Content-Type"] == "application/octet-stream"
            assert directives(answer)["sandbox"] == []


def test_what_nobody_expected_is_as_safe_and_tells_nothing(
    a_council: ApiCouncil, objects: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret detail")

    gateway: Any = a_council.app.extensions["gateway"]
    browser, failed = a_council.browser("home_manager", DIAMOND), 0
    monkeypatch.setattr(gateway, "ask", fail)
    for route in routes(a_council.app, objects):
        if route.is_open or "helpdesk" in route.allowed:
            continue
        answer = asked(a_council, route, browser, DIAMOND)
        assert_safe(answer, route)
        assert "a secret detail" not in answer.text, route
        assert "Traceback" not in answer.text, route
        failed += answer.status_code == 500
    assert failed > 10
