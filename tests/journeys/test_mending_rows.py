"""All rows of one kind in a checked file mended at once, by page and API: the file is checked again (RULES 4, 20)."""

from __future__ import annotations

import re

import pytest

from tests.journeys.api_council import DIAMOND, PEARL, ApiCouncil, shared
from tests.journeys.test_import_in_two_steps import CARE, a_visit
from tests.support.builders.visit_files import a_file
from tests.support.run.waiting import wait_until

__all__ = ["shared"]

WRONG = "Diamond of Another Zone"
ROWS = (
    a_visit("V1"),
    *(a_visit(f"S{n}", ServiceName=WRONG) for n in (1, 2, 3)),
    *(a_visit(f"C{n}", SSRef="Z999999") for n in (1, 2)),
    *(a_visit(f"T{n}", VisitType="DSH") for n in (1, 2)),
    a_visit("V2", PlannedExitTime="9h"),
)
RIGHT = "Diamond Home Care - DAPL Oxford"


@pytest.fixture
def a_council(shared: ApiCouncil) -> ApiCouncil:
    shared.empty()
    shared.council.import_care(CARE)
    wait_until(shared.council.is_settled, 30)
    return shared


def test_rows_of_one_kind_are_mended_until_all_match(a_council: ApiCouncil) -> None:
    api, manager = a_council.api(DIAMOND), a_council.browser("home_manager", DIAMOND)
    first = f"/visits-files/{api.file(a_file(*ROWS))['id']}"
    kinds = api.get(f"{first}/kinds").json["items"]
    assert [(one["fault"], one["value"], one["rows"], one["amount"]) for one in kinds] == [
        ("wrong_service", WRONG, 3, "90.00"),
        ("no_package", "Z999999", 2, "60.00"),
        ("visit_type_unknown", "DSH", 2, None),
    ]
    link = f"{first}/mend?fault=wrong_service&value={WRONG.replace(' ', '+')}"
    assert link.replace("&", "&amp;") in manager.get(first).text.replace("%20", "+")
    page = manager.get(link).text
    assert "About £90.00" in page
    assert "Mend 3 rows and check again" in page
    given = {
        "fault": "wrong_service",
        "value": WRONG,
        "chosen": RIGHT,
        "check_version": str(re.search(r'name="check_version"[^>]*value="(\d+)"', page)[1]),  # type: ignore[index]
    }
    assert manager.post(link, **given | {"chosen": ""}).status_code == 400
    second = manager.post(f"{first}/mend", at="/account/password", **given).location
    assert second != first
    told = manager.get(second).text
    assert "3 rows: service Diamond Home Care - DAPL Oxford." in told
    assert manager.post(f"{first}/mend", at="/account/password", **given).location == second
    assert api.get(first).json["state"] == "cancelled"
    file = api.get(second).json
    assert (file["state"], file["counts"]["read"]) == ("checked", len(ROWS))
    assert file["forecast"] == {"payable": "120.00", "matched": 4, "unmatched": {"no_package": 2}}
    assert [(one["row"], one["ref"]) for one in file["errors"]] == [(8, "T1"), (9, "T2"), (10, "V2")]

    unknown = {"fault": "no_package", "value": "Z999999", "chosen": "Nobody at all"}
    of_client = f"{second}/mend?fault=no_package&value=Z999999"
    refused = manager.post(of_client, check_version=str(file_version(manager.get(of_client).text)), **unknown)
    assert "No client is called so" in refused.text
    body = {"fault": "no_package", "value": "Z999999", "chosen": "A123456"}
    assert a_council.api(PEARL).ask("POST", f"{second}/mend", json=body).status_code == 404
    third = api.ask("POST", f"{second}/mend", json=body)
    assert (third.status_code, third.json["rows"]) == (201, 2), third.json
    place = f"/visits-files/{third.json['id']}"
    wait_until(lambda: api.get(place).json["forecast"] is not None, 30)
    types = {"fault": "visit_type_unknown", "value": "DSH", "chosen": "DHS"}
    fourth = f"/visits-files/{api.ask('POST', f'{place}/mend', json=types).json['id']}"
    wait_until(lambda: api.get(fourth).json["forecast"] is not None, 30)
    assert api.get(f"{fourth}/kinds").json["items"] == []
    assert api.ask("POST", f"{place}/mend", json=types).status_code == 404
    assert api.ask("POST", f"{fourth}/confirm").status_code == 201
    wait_until(a_council.council.is_settled, 30)
    books = a_council.council.books()
    assert (books["unmatched"], books["total_payable"]) == ({}, "240.00")


def file_version(page: str) -> int:
    found = re.search(r'name="check_version"[^>]*value="(\d+)"', page)
    assert found
    return int(found[1])
