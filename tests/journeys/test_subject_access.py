"""All that is held about one person as a folder, by page and API: theirs is in it, and nobody else's (RULES 20)."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re
import uuid
import zipfile
from typing import Any

import pytest
from sqlalchemy import text

from libs.common.care.organisation_ids import organisation_id_of
from libs.common.files.objects import list_objects
from services.portal.protection.subject_access import rules, steps
from services.portal.storage.sweeping import sweep
from tests.journeys.api_council import COUNCIL, DIAMOND, ApiCouncil, shared
from tests.journeys.every_object import a_council, objects_of
from tests.journeys.test_import_in_two_steps import a_visit
from tests.support.builders.care_files import a_care_file, a_care_row
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["a_council", "shared"]

OTHER = {"SSRef": "Z98765", "Forename": "Zebedee", "Surname": "Zorn", "ServiceName": "Diamond - Zone Z"}
SHARED_WORDS = "Zebedee was first that day"


class Taken:
    """A folder that was downloaded."""

    def __init__(self, content: bytes) -> None:
        self.zip = zipfile.ZipFile(io.BytesIO(content))
        assert self.zip.testzip() is None
        (self.top,) = {name.partition("/")[0] for name in self.zip.namelist()}
        self.paths = [name.partition("/")[2] for name in self.zip.namelist()]

    def read(self, path: str) -> bytes:
        return self.zip.read(f"{self.top}/{path}")

    def rows(self, part: str) -> list[dict[str, str]]:
        (path,) = [one for one in self.paths if one.endswith(f"/{part}.csv")]
        content = self.read(path)
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))

    def all(self) -> str:
        return "\n".join(self.read(path).decode("utf-8", "replace") for path in self.paths)


@pytest.fixture(scope="module")
def officer(a_council: ApiCouncil) -> Browser:
    """Of commissioning; the first provider has another client besides, in a dispute about both."""
    council = a_council.council
    objects_of(a_council)
    council.import_care(a_care_file(a_care_row(77, **OTHER)))
    wait_until(council.is_settled, 30)
    visits = a_file(
        a_visit("Z-V", SSRef="Z98765", ServiceName=OTHER["ServiceName"], CarerRef="ZCARER"),
        a_visit("A-ONLY", CarerRef="ACARER", Comments="Ran late"),
    )
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nZCARER,Zoe,Zinn\nACARER,Ann,Bell\n")
    council.import_visits(DIAMOND, visits)
    council.books()
    gateway: Any = a_council.app.extensions["gateway"]
    finance = {"who": "finance", "role": "council", "organisation": None, "staff": "finance"}
    both = [
        {"visit_ref": ref, "version": 1, "deleted": False, "values": {"SSRef": named}}
        for ref, named in (("A-ONLY", "A123456"), ("Z-V", "Z98765"))
    ]
    asked = {"case_id": str(uuid.uuid4()), "organisation_id": str(organisation_id_of(DIAMOND))}
    asked |= {"client_reference": "", "reason": "Incorrect Data", "words": SHARED_WORDS, "visits": both}
    gateway.ask("disputes", "raise_disputes", finance, disputes=[asked])
    return a_council.browser("commissioning")


def take(council: ApiCouncil, officer: Browser) -> tuple[str, Taken]:
    """The address of an export that was asked for on the page, and its folder."""
    chosen = officer.get("/subject-access?client=A123456")
    assert chosen.status_code == 200
    (action,) = re.findall(r'action="(/subject-access/of/[^"]+)"', chosen.text)
    asked = officer.post(action, at="/subject-access?client=A123456")
    assert asked.status_code == 303, asked.text
    assert "Waiting" in officer.get(asked.location).text
    assert steps.make_next(council.parts, council.app.extensions["gateway"])
    assert not steps.make_next(council.parts, council.app.extensions["gateway"])
    assert "Ready" in officer.get(asked.location).text
    answer = officer.get(f"{asked.location}/folder.zip")
    assert answer.status_code == 200
    assert "subject-access_A123456_" in answer.headers["Content-Disposition"]
    return asked.location, Taken(answer.get_data())


def test_a_person_s_folder_holds_all_that_is_theirs_and_nobody_else(
    a_council: ApiCouncil, officer: Browser
) -> None:
    page, taken = take(a_council, officer)
    assert taken.rows("person")[0]["SSRef"] == "A123456"
    visit = next(row for row in taken.rows("visits") if row["VisitRef"] == "A-ONLY")
    assert (visit["Provider"], visit["PlannedEntryTime"], visit["Comments"]) == (
        DIAMOND,
        "09:00:00",
        "Ran late",
    )
    assert visit["Carer"].startswith("Carer ")
    assert any(row["VisitRef"] == "A-ONLY" for row in taken.rows("visits-before"))
    assert {row["CpliId"] for row in taken.rows("care-package-line-items")} == {"1", "5"}
    assert sum(float(row["Amount"]) for row in taken.rows("charges")) > 0
    for part in ("circumstances", "contract-documents", "matches", "weeks", "payment-items", "invoice-lines"):
        assert taken.rows(part), part
    for part in ("concern-steps", "breach-answers", "claim-items", "doubts", "who-looked", "what-was-done"):
        assert taken.rows(part), part
    kinds = {row["Kind"] for row in taken.rows("cases")}
    assert kinds == {"dispute", "claim", "action", "enquiry", "review"} - {"enquiry"}
    words = {row["Words"] for row in taken.rows("case-messages")}
    assert {"She had a fall.", "(left out: said of other people too)"} <= words
    attached = [row["File"] for row in taken.rows("case-attachments") if row["File"]]
    assert attached
    assert {taken.read(path) for path in attached} == {b"A-ONLY"}
    overview = taken.read("overview.html").decode()
    assert "Before it is handed over" in overview
    assert all(path in overview for path in taken.paths if path.endswith(".csv"))

    everything = taken.all()
    others = ("Z98765", "Zorn", "Zebedee", "Z-V", "ZCARER", "ACARER", "Bell", "@example.org", "B1,")
    assert [one for one in others if one in everything] == []

    with a_council.parts.sessions.begin() as transaction:
        told = transaction.execute(
            text("SELECT kind FROM evidence WHERE 'A123456' = ANY(clients) AND kind = 'exported'")
        ).all()
        (clients, client_id) = transaction.execute(
            text(
                "SELECT e.clients, x.client_id::text FROM evidence e JOIN subject_exports x"
                " ON x.export_id::text = ANY(e.objects) WHERE e.action = 'subject_access.folder'"
            )
        ).one()
    assert told
    assert client_id in clients
    trail = a_council.browser("commissioning").get("/audit?named=" + page.rpartition("/")[2])
    assert "Asked for all that is held about a client" in trail.text


def test_it_is_made_for_a_token_too_kept_for_two_days_and_swept(
    a_council: ApiCouncil, officer: Browser
) -> None:
    api, gateway = a_council.api_of_role("commissioning"), a_council.app.extensions["gateway"]
    asked = api.ask("POST", "/subject-access", json={"client": "A123456"})
    assert (asked.status_code, asked.json["state"]) == (202, "waiting")
    place = f"/subject-access/{asked.json['id']}"
    assert api.get(f"{place}/folder.zip").status_code == 404
    assert steps.make_next(a_council.parts, gateway)
    found = api.get(place).json
    assert (found["state"], found["is_kept"], found["failure"]) == ("made", True, None)
    assert len(Taken(api.get(f"{place}/folder.zip").get_data()).paths) == found["files"]
    key = rules.key_of(uuid.UUID(asked.json["id"]))
    assert key in {one.key for one in list_objects(rules.FOLDER)}

    later = a_council.parts.clock() + rules.KEPT + dt.timedelta(minutes=1)
    parts = dataclasses.replace(a_council.parts, clock=lambda: later)
    sweep(parts, gateway)
    assert key not in {one.key for one in list_objects(rules.FOLDER)}
    assert api.get(f"{place}/folder.zip").status_code == 404
    assert api.ask("POST", "/subject-access", json={"client": "nobody"}).status_code == 404
    assert a_council.api(COUNCIL).get(place).json["code"] == "not_in_scope"


@pytest.mark.parametrize("role", ["finance", "approver", "helpdesk"])
def test_only_commissioning_takes_a_person_s_data(a_council: ApiCouncil, role: str) -> None:
    assert a_council.browser(role).get("/subject-access").status_code == 403
