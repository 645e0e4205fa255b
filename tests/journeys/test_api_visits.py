"""The JSON API (DESIGN 4.2): visits one by one, care, periods and remittance advice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.journeys.api_council import COUNCIL, DIAMOND, PEARL, Api, ApiCouncil, shared
from tests.journeys.test_api import a_council, diamond, rows
from tests.journeys.test_import_in_two_steps import a_deletion, a_visit
from tests.support.builders.visit_files import a_file, a_row

__all__ = ["a_council", "diamond", "shared"]

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
    assert made.status_code == 201, made.json
    assert made.json["status"] in ("New", "Matched")  # matching may have been as quick as the answer
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


def test_a_deleted_visit_of_a_file_and_a_blank_reference(diamond: Api) -> None:
    diamond.file(a_file(a_visit()), confirm="true")
    diamond.file(
        a_file(a_deletion("V1"), a_row(VisitRef="V3", PlannedVisitDate="03/10/2022")), confirm="true"
    )
    assert diamond.visit("V1")["status"] == "Deleted"
    assert diamond.get("/visits/none").status_code == 404
    assert diamond.get("/visits/%00").status_code == 404
