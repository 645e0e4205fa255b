"""What waits on the first page, asked of real services; the guide that everybody can read."""

from __future__ import annotations

import functools
import time

from libs.common.rpc import SYSTEM
from services.ingest.rows.headings import HEADINGS
from services.portal.clients.gateway import PRESENCE_SECONDS, Gateway
from services.portal.help import words as help_words
from services.portal.web import words as web_words
from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.run.waiting import wait_until

__all__ = ["shared"]


def test_the_first_page_says_what_waits_for_whom(shared: ApiCouncil) -> None:
    shared.empty()
    shared.council.import_care(a_care_file(a_care_row(1, SSRef="A123456")))
    wait_until(shared.council.is_settled, 30)
    diamond = shared.api(DIAMOND)
    diamond.file(
        a_file(a_visit("V1", SSRef="A9"), a_visit("V2", SSRef="A9"), a_visit("V3", VisitType="X")),
        confirm="true",
    )
    diamond.file(a_file(a_visit("V4")))
    wait_until(shared.council.is_settled, 30)
    manager = shared.browser("home_manager", DIAMOND)
    page = manager.get("/").text
    for number in ("2 unmatched visits", "1 rejected row to correct", "1 checked file to update"):
        assert number in page
    diamond.file(a_file(a_visit("V3")), confirm="true")
    assert "rejected row" not in manager.get("/").text
    officer = shared.browser("finance").get("/").text
    assert "2 unmatched visits" in officer
    assert "rejected row" not in officer
    assert "unmatched visit" not in shared.browser("home_manager", PEARL).get("/").text


def test_a_service_that_is_away_leaves_its_number_out(shared: ApiCouncil) -> None:
    gateway: Gateway = shared.app.extensions["gateway"]
    begun = time.monotonic()
    questions = {
        service: functools.partial(gateway.ask_quickly, service, "waiting", SYSTEM)
        for service in ("matching", "nowhere")
    }
    found = gateway.answers_by_now(questions)
    assert list(found) == ["matching"]
    assert time.monotonic() - begun < PRESENCE_SECONDS + 3


def test_everybody_can_read_the_guide(shared: ApiCouncil) -> None:
    nobody = shared.app.test_client()
    assert "/help" in nobody.get("/login").text
    for path in ("", "/visits-file", "/visit-types", "/unmatched-visits", "/scenarios"):
        assert nobody.get(f"/help{path}").status_code == 200, path
    page = nobody.get("/help/payment-calendar?year=2022/23").text
    assert "3 Oct 2022 to 30 Oct 2022" in page
    assert "Wed 12 Oct 2022" in page
    assert nobody.get("/help/payment-calendar?year=2022").status_code == 404


def test_the_guide_names_every_heading_and_every_visit_type_once() -> None:
    assert tuple(heading.name for heading in help_words.HEADINGS) == HEADINGS
    assert sorted(kind.ref for kind in help_words.VISIT_TYPES) == sorted(web_words.VISIT_TYPES)
