"""What is set apart, as pages and the API show it: to the council with its reason, to a provider on its visit's page."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator

import pytest
from sqlalchemy import text

from libs.common.care.clock import now
from libs.common.operations.buried import (
    DISCARDED_DAYS,
    count_buried,
    forget_discarded_bodies,
    note_buried,
    reasons_of_discarded,
)
from libs.common.operations.dead_letters import DeadLetter
from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, ApiCouncil, shared
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file, a_row
from tests.support.run.waiting import wait_until

__all__ = ["shared"]


def rename_type(council: ApiCouncil, before: str, after: str) -> None:
    with council.council.payments() as session:
        statement = "UPDATE visit_types SET ref = :after WHERE ref = :before"
        session.execute(text(statement), {"before": before, "after": after})


@pytest.fixture
def a_week_apart(shared: ApiCouncil) -> Iterator[ApiCouncil]:
    """Two clients' weeks, one of which can't be priced."""
    shared.empty()
    council = shared.council
    council.import_care(a_care_file(a_care_row(1, SSRef="A100"), a_care_row(2, SSRef="A200")))
    wait_until(council.is_settled)  # the lists have arrived
    rename_type(shared, "C24", "C24X")
    try:
        cancelled = {"VisitType": "C24", "Comments": "Away", "DeliveredVisitDate": ""}
        times = {"DeliveredEntryTime": "", "DeliveredExitTime": ""}
        council.import_visits(
            DIAMOND,
            a_file(
                a_row(VisitRef="V1", SSRef="A100", **cancelled, **times), a_row(VisitRef="V2", SSRef="A200")
            ),
        )
        wait_until(council.is_settled)
        yield shared
    finally:
        rename_type(shared, "C24X", "C24")


def test_the_council_sees_what_is_set_apart_and_why_and_has_it_tried_again(a_week_apart: ApiCouncil) -> None:
    officer = a_week_apart.browser("finance")
    assert "1 week or package set apart" in officer.get("/").text
    page = officer.get("/set-apart").text
    assert "A week that could not be priced" in page
    assert "KeyError: &#39;C24&#39;" in page
    assert 'href="/care/1"' in page
    assert "KeyError" in officer.get("/care/1").text
    assert "KeyError" in officer.get(f"/visits/V1?organisation={DIAMOND}").text
    own = a_week_apart.browser("home_manager", DIAMOND).get("/visits/V1").text
    assert "Set apart" in own
    assert "KeyError" not in own
    assert "Set apart" not in officer.get(f"/visits/V2?organisation={DIAMOND}").text
    for role, organisation in (("approver", None), ("helpdesk", None), ("home_manager", DIAMOND)):
        assert a_week_apart.browser(role, organisation).get("/set-apart").status_code == 403
    rename_type(a_week_apart, "C24X", "C24")
    try:
        assert officer.post("/set-apart/retry", at="/set-apart").status_code == 303
        wait_until(lambda: "Nothing is set apart" in officer.get("/set-apart").text)
    finally:
        rename_type(a_week_apart, "C24", "C24X")
    assert officer.post("/set-apart/retry", at="/set-apart", apart_id="seven").status_code == 404


def test_a_system_of_the_council_lists_and_retries_what_is_set_apart(a_week_apart: ApiCouncil) -> None:
    officer, provider = a_week_apart.api(COUNCIL), a_week_apart.api(DIAMOND)
    (one,) = officer.get("/set-apart").json["items"]
    assert (one["kind"], one["key"], one["retries"]) == ("week", "1/2022-08-01", True)
    assert one["reason"] == "builtins.KeyError: 'C24'"
    for path, method in (("/set-apart", "GET"), ("/set-apart/retry", "POST")):
        assert provider.ask(method, path).status_code == 404
        assert a_week_apart.api(PEARL).ask(method, path).status_code == 404
    unknown = officer.ask("POST", "/set-apart/retry", json={"id": str(uuid.uuid4())})
    assert unknown.status_code == 404
    rename_type(a_week_apart, "C24X", "C24")
    try:
        done = officer.ask("POST", "/set-apart/retry", json={"id": one["id"]})
        assert (done.status_code, done.json) == (200, {"retried": 1})
        wait_until(lambda: officer.get("/set-apart").json["items"] == [])
    finally:
        rename_type(a_week_apart, "C24", "C24X")
    assert officer.ask("POST", "/set-apart/retry").json == {"retried": 0}


def test_a_file_whose_job_failed_says_so_on_its_page_and_in_the_api(shared: ApiCouncil) -> None:
    shared.empty()
    api, browser = shared.api(DIAMOND), shared.browser("home_manager", DIAMOND)
    shared.council.import_care(a_care_file(a_care_row(1)))
    file = api.file(a_file(a_row()))
    set_file = (
        "UPDATE visits_files SET state = :state, refusal_code = 'checking_failed', refusal = 'It failed.'"
    )
    with shared.council.sessions["ingest"].begin() as session:
        session.execute(text(set_file), {"state": "failed"})
    found = api.get(f"/visits-files/{file['id']}").json
    assert found["state"] == "failed"
    assert [(error["row"], error["message"]) for error in found["errors"]] == [(None, "It failed.")]
    page = browser.get(f"/visits-files/{file['id']}")
    assert "The work on this file failed" in page.text
    assert "It failed." in page.text
    assert "Refresh" not in page.headers
    assert "Failed" in browser.get("/visits-files").text


def bury(council: ApiCouncil, message_id: str) -> None:
    """A message that payments should have heard, and that died."""
    letter = DeadLetter(
        id=message_id,
        event="weeks_matched",
        cause_id=str(uuid.uuid4()),
        queue="payments.weeks_matched.single.v1",
        reason="schema: not a week",
        attempts=4,
        died_at="2022-10-03T09:00:00.000+00:00",
        body=b"{}",
    )
    with council.council.payments() as session:
        note_buried(session, letter)


@pytest.fixture
def counting_what_nobody_sent(shared: ApiCouncil) -> Iterator[ApiCouncil]:
    """A council that may be left with more heard than was ever said, though it never counts as settled so."""
    shared.empty()
    yield shared
    shared.council.empty()


def test_a_dead_letter_is_discarded_once_with_a_reason_that_stays(
    counting_what_nobody_sent: ApiCouncil,
) -> None:
    shared = counting_what_nobody_sent
    first, second = str(uuid.uuid4()), str(uuid.uuid4())
    bury(shared, first)
    bury(shared, second)
    officer = shared.browser("finance")
    page = officer.get("/set-apart").text
    assert first in page
    assert "schema: not a week" in page
    for role, organisation in (("approver", None), ("helpdesk", None), ("home_manager", DIAMOND)):
        assert shared.browser(role, organisation).get("/set-apart").status_code == 403
    named = {"service": "payments", "letter": first}
    assert officer.post("/set-apart/discard", at="/set-apart", why=" ", **named).status_code == 400
    assert officer.post("/set-apart/discard", at="/set-apart", why="A test", **named).status_code == 303
    assert officer.post("/set-apart/discard", at="/set-apart", why="Again", **named).status_code == 409
    nowhere = {"service": "portal", "letter": first}
    assert officer.post("/set-apart/discard", at="/set-apart", why="A test", **nowhere).status_code == 404
    system, provider = shared.api(COUNCIL), shared.api(DIAMOND)
    lying, discarded = system.get("/dead-letters").json["items"]
    assert (lying["id"], lying["discarded_for"], lying["bytes"]) == (second, None, 2)
    assert (discarded["id"], discarded["discarded_for"]) == (first, "A test")
    asked = {"service": "payments", "id": second, "why": "Sent twice"}
    assert provider.ask("GET", "/dead-letters").status_code == 404
    assert provider.ask("POST", "/dead-letters/discard", json=asked).status_code == 404
    assert system.ask("POST", "/dead-letters/discard", json=asked).status_code == 200
    assert system.ask("POST", "/dead-letters/discard", json={**asked, "why": "No"}).status_code == 409
    with shared.council.payments() as session:
        assert count_buried(session) == {"weeks_matched": (2, 0)}
        assert reasons_of_discarded(session) == ["Sent twice", "A test"]
    with shared.council.payments() as session:
        assert forget_discarded_bodies(session, now() + dt.timedelta(days=DISCARDED_DAYS - 1)) == 0
        assert forget_discarded_bodies(session, now() + dt.timedelta(days=DISCARDED_DAYS + 1)) == 2
        assert reasons_of_discarded(session) == ["Sent twice", "A test"]
