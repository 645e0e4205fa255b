"""The checklist before finalising: what is known, what is not, and where it is mended (RULES 8)."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.support.portal.without_services import page_of

DIAMOND, PEARL = "Diamond Home Care Ltd", "Pearl Carers Ltd"
OF_PAYMENTS: dict[str, Any] = {
    "start": "2022-10-03",
    "end": "2022-10-30",
    "contract": None,
    "state": "current",
    "freezes": ["DAPL", "LWAH"],
    "finalised_contracts": [],
    "refusal": None,
    "payable": "1500.00",
    "last_payable": "1000.00",
    "changes": [
        {"organisation_id": "d", "organisation": DIAMOND, "payable": "700.00", "last_payable": "100.00"}
    ],
    "holds": [{"organisation_id": "d", "organisation": DIAMOND, "number": 2, "amount": "40.00"}],
    "below_nothing": [
        {"organisation_id": "p", "organisation": PEARL, "contract": "LWAH", "amount": "-488.39"}
    ],
    "owed": "12.50",
}
PROGRESS: dict[str, dict[str, int]] = {"emitted": {}, "received": {}, "buried": {}, "dead": {}}
ANSWERS: dict[tuple[str, str], Any] = {
    ("payments", "contracts"): ["DAPL", "LWAH"],
    ("payments", "finalising_checklist"): OF_PAYMENTS,
    ("payments", "money_at_stake"): {"d": "55.00"},
    ("matching", "expected_weeks"): [
        ["d", DIAMOND, "2022-10-03"],
        ["d", DIAMOND, "2022-10-10"],
        ["p", PEARL, "2022-10-10"],
    ],
    ("ingest", "sent_weeks"): [["d", "2022-10-03"], ["p", "2022-10-10"]],
    ("matching", "unmatched_money"): {"d": {"number": 3, "amount": "43.75"}},
    ("matching", "organisation_names"): {"d": DIAMOND},
    ("matching", "matched_weeks"): [],
    ("disputes", "open_disputes"): [
        {"case_id": "c", "organisation_id": "d", "cpli_id": 1, "monday": "2022-10-03", "visits": []}
    ],
    ("ingest", "rejected_rows"): {
        "files": [
            {
                "organisation_id": "p",
                "organisation": PEARL,
                "file_id": "7b4b9f6e-6e4b-4c69-9d58-1f8b0c0f6a11",
                "file_name": "october.csv",
                "uploaded_at": "2022-11-01T09:00:00+00:00",
                "number": 4,
            }
        ],
        "is_complete": True,
    },
    **{(service, "progress"): PROGRESS for service in ("ingest", "matching", "payments", "disputes")},
}


def checklist(changed: dict[tuple[str, str], Any] | None = None, query: str = "") -> str:
    """The text of the page, in one line."""
    answers = {one: found for one, found in (ANSWERS | (changed or {})).items() if found is not None}
    return page_of("payments_posting.finalise", answers, query=query, start="2022-10-03")


def rows_of(page: str) -> list[tuple[str, str, str]]:
    """The cells of each row of the table, as text."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)[1:]
    return [
        tuple(
            " ".join(html.unescape(re.sub(r"<[^>]*>", " ", cell)).split())
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
        )  # type: ignore[misc]
        for row in rows
    ]


def links_of(page: str) -> dict[str, str]:
    """Where each row leads to."""
    found = re.findall(
        r'<th[^>]*scope="row"[^>]*><a class="govuk-link[^"]*" href="([^"]*)">([^<]*)</a>', page
    )
    return {html.unescape(text): html.unescape(link) for link, text in found}


def test_every_figure_is_said_with_whose_it_is() -> None:
    assert rows_of(checklist()) == [
        ("Weeks of providers without visits", "1 week", ""),
        (f"{DIAMOND}, Mon 10 to Sun 16 Oct 2022", "", ""),
        ("Unmatched visits", "3 visits", "about £43.75"),
        (DIAMOND, "3 visits", "about £43.75"),
        ("Open disputes", "1 dispute", "£55.00"),
        (DIAMOND, "1 dispute", "£55.00"),
        ("Holds", "2 items", "£40.00"),
        (DIAMOND, "2 items", "£40.00"),
        ("Totals below nothing", "1 total", "−£488.39"),
        (f"{PEARL}, LWAH", "", "−£488.39"),
        ("Debts still to come off", "", "£12.50"),
        ("Rejected rows not sent again", "4 visits", ""),
        (f"{PEARL}, october.csv", "4 visits", ""),
        ("Difference from last period", "1 large change", "+£500.00"),
        (DIAMOND, "", "+£600.00"),
    ]


def test_each_is_a_link_to_where_it_is_mended() -> None:
    links = links_of(checklist())
    days = "first=2022-10-03&last=2022-10-30"
    assert links["Unmatched visits"] == f"/reports/unmatched-visits?{days}"
    assert links["Open disputes"] == f"/disputes?{days}"
    assert links["Holds"] == "/payments/2022-10-03?tab=non_payable#items"
    assert links[f"{DIAMOND}, Mon 10 to Sun 16 Oct 2022"] == (
        "/visits?organisation=Diamond+Home+Care+Ltd&week=2022-10-10"
    )
    assert links[f"{PEARL}, LWAH"] == "/payments/2022-10-03?contract=LWAH&organisation=Pearl+Carers+Ltd"
    assert links[f"{PEARL}, october.csv"].startswith("/visits-files/7b4b9f6e")
    assert links["Difference from last period"] == "/payments/2022-09-05"
    assert links["Debts still to come off"] == "/payments/debts"


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        (("disputes", "open_disputes"), ["Open disputes"]),
        (("ingest", "sent_weeks"), ["Weeks of providers without visits"]),
        (("ingest", "rejected_rows"), ["Rejected rows not sent again"]),
        (("matching", "unmatched_money"), ["Unmatched visits"]),
        (("payments", "money_at_stake"), ["Open disputes"]),
    ],
)
def test_what_a_service_does_not_say_is_never_shown_as_nothing(
    asked: tuple[str, str], titles: list[str]
) -> None:
    rows = rows_of(checklist({asked: None}))
    unknown = [title for title, number, _ in rows if number.startswith("Can’t be said just now")]
    assert unknown == titles
    assert "None" not in [number for _, number, _ in rows]


def test_nothing_to_look_at_is_said_and_leads_nowhere() -> None:
    nothing = OF_PAYMENTS | {"holds": [], "below_nothing": [], "changes": [], "payable": "1000.00"}
    page = checklist({("payments", "finalising_checklist"): nothing, ("disputes", "open_disputes"): []})
    rows = {title: number for title, number, _ in rows_of(page)}
    assert (rows["Holds"], rows["Totals below nothing"], rows["Open disputes"]) == ("None", "None", "None")
    assert "Holds" not in links_of(page)


def test_it_says_which_contracts_it_freezes_and_offers_the_button() -> None:
    page = checklist()
    assert "Finalising freezes DAPL and LWAH." in page
    assert re.search(r"<button[^>]*>\s*Finalise\s*</button>", page)


def test_of_one_contract_it_says_what_is_of_all_and_what_is_finalised_already() -> None:
    partly = OF_PAYMENTS | {
        "state": "partially finalised",
        "freezes": ["LWAH"],
        "finalised_contracts": ["DAPL"],
    }
    page = checklist({("payments", "finalising_checklist"): partly})
    assert "Finalising freezes LWAH. DAPL is finalised already." in page
    titles = [title for title, _, _ in rows_of(page)]
    assert {"Unmatched visits, of all contracts", "Open disputes, of all contracts", "Holds"} <= set(titles)


def test_a_period_that_can_not_be_finalised_says_why_and_has_no_button() -> None:
    refused = OF_PAYMENTS | {"refusal": "Finalise the period from 2022-09-05 first: it holds payment items."}
    page = checklist({("payments", "finalising_checklist"): refused})
    assert "Finalise the period from 2022-09-05 first" in page
    assert not re.search(r"<button[^>]*>\s*Finalise\s*</button>", page)


def test_more_than_are_counted_are_at_least_so_many() -> None:
    many = ANSWERS["ingest", "rejected_rows"] | {"is_complete": False}
    rows = {title: number for title, number, _ in rows_of(checklist({("ingest", "rejected_rows"): many}))}
    assert rows["Rejected rows not sent again"] == "at least 4 visits"
