"""A file whose visits match in part: what its check says by page and API, its rejected rows corrected on the page, and
what became of each visit (RULES 4)."""

from __future__ import annotations

import csv
import html
import io
import re

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, api_council
from tests.journeys.test_import_in_two_steps import CARE, a_visit
from tests.support.builders.visit_files import a_file
from tests.support.portal.accounts import Browser
from tests.support.run.waiting import wait_until

__all__ = ["api_council"]

UNKNOWN = {"SSRef": "Z999999"}
CARER = {"CarerRef": "C1"}
ROWS = (
    a_visit("V1", **CARER),
    a_visit("V2", **CARER),
    a_visit("V3", **UNKNOWN),
    a_visit("V4", VisitType="DH"),
    a_visit("V5", PlannedExitTime="9h"),
)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def fields_of(page: str) -> dict[str, str]:
    """What a form's page says in its fields."""
    inputs = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*', page)
    values = {}
    for name in inputs:
        tag = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
        value = re.search(r'value="([^"]*)"', tag[0]) if tag else None
        values[name] = html.unescape(value[1]) if value else ""
    return values


def test_a_file_that_matches_in_part_from_its_check_to_what_became_of_it(api_council: ApiCouncil) -> None:
    api_council.start_anew()
    council = api_council.council
    council.import_care(CARE)
    council.import_carers(DIAMOND, "CarerRef,Forename,Surname\nC1,Ann,Bell\n")
    wait_until(council.is_settled, 30)
    api = api_council.api(DIAMOND)
    file = api.file(a_file(*ROWS))
    place = f"/visits-files/{file['id']}"
    assert file["forecast"] == {"payable": "60.00", "matched": 2, "unmatched": {"no_package": 1}}
    assert file["will_match"] == {
        "matched": 2,
        "apart": 0,
        "unmatched": [{"reason": "no_package", "visits": 1, "amount": "30.00"}],
        "amount": "30.00",
        "duplicates": 1,
    }
    listed = api.get(f"{place}/unmatched", reason="no_package").json
    (row,) = listed["items"]
    assert (row["row"], row["ref"], row["client"], listed["next_cursor"]) == (4, "V3", "Z999999", None)
    assert api.get(f"{place}/unmatched", reason="suspended").json["items"] == []
    (twin,) = api.get(f"{place}/duplicates").json["items"]
    assert (twin["row"], twin["ref"], twin["other_row"], twin["other_ref"]) == (3, "V2", 2, "V1")
    assert api_council.api(PEARL).get(f"{place}/unmatched").status_code == 404
    assert api_council.api(PEARL).get(f"{place}/duplicates").status_code == 404

    manager = api_council.browser("home_manager", DIAMOND)
    check = manager.get(place).text
    assert "How its visits will match" in check
    assert "Will not match: There is no care package for this client with the organisation" in check
    assert "Find the client it could be" in check
    assert "Possible duplicates" in check
    (taken,) = csv_rows(manager.get(f"{place}/unmatched.csv").data)
    assert (taken["Row"], taken["VisitRef"], taken["AboutPounds"]) == ("4", "V3", "30.00")
    again = corrected(manager, place)
    assert api.get(place).json["state"] == "checked"

    assert api.ask("POST", f"{place}/confirm").status_code == 201
    wait_until(council.is_settled, 30)
    assert council.books()["total_payable"] == "60.00"
    became = manager.get(f"{place}/visits").text
    assert "Line item 1" in became
    assert [one["Became"] for one in csv_rows(manager.get(f"{place}/visits.csv").data)] == [
        "Matched",
        "Matched",
        "Unmatched",
    ]
    only = csv_rows(manager.get(f"{place}/visits.csv?became=no_package").data)
    assert [(one["Row"], one["VisitRef"]) for one in only] == [("4", "V3")]
    assert "V1" not in manager.get(f"{place}/visits?became=unmatched").text
    assert api.ask("POST", f"{again}/confirm").status_code == 201
    wait_until(council.is_settled, 30)
    assert (council.books()["total_payable"], council.differences()) == ("120.00", [])


def corrected(manager: Browser, place: str) -> str:
    """Both rejected rows are corrected on the page; where the file of them is, which was checked."""
    page = manager.get(f"{place}/correct")
    assert page.status_code == 200
    fields = fields_of(page.text)
    assert (fields["r5-VisitRef"], fields["r5-VisitType"]) == ("V4", "DH")
    nothing = manager.client.post(f"{place}/correct", data=fields)
    assert nothing.status_code == 400
    assert "Change at least one row" in nothing.text
    wrong = manager.client.post(f"{place}/correct", data=fields | {"check_version": "9"})
    assert wrong.status_code == 303
    typed = {"r5-VisitType": "DHS", "r6-PlannedExitTime": "10:00"}
    sent = manager.client.post(f"{place}/correct", data=fields | typed)
    twice = manager.client.post(f"{place}/correct", data=fields | typed)
    assert (sent.status_code, sent.location) == (303, twice.location)
    where: str = sent.location
    shown = manager.get(where).text
    assert "corrected rows of" in shown
    assert "Updating changes what is payable by <strong>£60.00</strong>" in shown
    return where
