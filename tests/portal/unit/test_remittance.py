"""The remittance advice as it is shown: what it says of itself, its subtotals, and the same in every file (RULES 15)."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pytest

from libs.common.rpc import Caller
from services.portal.reports.declared import Asking
from services.portal.reports.remittance import REPORT, about, in_a_row, paid_in_words, warning_of
from services.portal.reports.rendering.as_csv import csv_of
from services.portal.reports.rendering.as_pdf import made_pdf
from services.portal.reports.rendering.filters import Asked
from services.portal.reports.rendering.lines import parts_of
from tests.support.portal.pdf_text import pages_of

COUNCIL = ("Oxfordshire County Council", "New Road, Oxford")
PAID = dt.date(2022, 11, 12)
VALUES = {"period": "2022-10-03", "organisation": None, "contract": None, "summary": False}


def an_advice(name: str = "Diamond", *paid: tuple[str, dt.date | None]) -> dict[str, Any]:
    on = paid or (("DAPL", None),)
    return {
        "organisation": name,
        "number": f"RA-20221003-{name[:4].upper()}",
        "paid": [{"contract": contract, "paid_on": day and day.isoformat()} for contract, day in on],
    }


def a_line(**changes: Any) -> dict[str, Any]:
    """A client's care of a service, the last of it."""
    return {
        "organisation": "Diamond",
        "service": "Zone 6",
        "contract": "DAPL",
        "client": "A1",
        "kind": "cost",
        "cost_or_income": "cost",
        "reason": "Care delivered",
        "week_from": "2022-10-03",
        "week_to": "2022-10-09",
        "amount": "20.00",
        "lines": 1,
        "number": "RA-20221003-DIAM",
        "paid_on": None,
        "service_total": "20.00",
        "organisation_total": "20.00",
    } | changes


def a_remittance(*lines: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What payments says of a finalised period."""
    return {
        "lines": list(lines),
        "totals": {"cost": "20.00", "income": "0.00", "total": "20.00", "non_payable": "0.00"},
        "not_paid": [],
        "state": "finalised",
        "open_contracts": [],
        "advices": [an_advice()],
    } | changes


class Services:
    """Answers as payments and matching do: lines page by page, names of clients."""

    def __init__(self, remittance: dict[str, Any]) -> None:
        self.remittance = remittance

    def ask(self, service: str, method: str, caller: Caller, **payload: Any) -> Any:
        if method == "client_names":
            return dict.fromkeys(payload["identifiers"], "Ms Łucja O’Brien")
        after, limit = payload["after"], payload["limit"]
        return self.remittance | {"lines": self.remittance["lines"][after : after + limit]}


def an_asking(remittance: dict[str, Any]) -> Asking:
    caller: Caller = {"who": "w", "role": "council", "organisation": None}
    return Asking(Services(remittance), caller, PAID, COUNCIL)  # type: ignore[arg-type]


def printed(remittance: dict[str, Any]) -> list[str]:
    """The text of its PDF."""
    pdf = made_pdf(an_asking(remittance), Asked(REPORT, (), VALUES))
    return "\n".join(pages_of(pdf)).splitlines()


def test_a_paid_one_says_whose_it_is_its_number_and_when_it_was_paid() -> None:
    found = about(an_asking(a_remittance(a_line(), advices=[an_advice("Diamond", ("DAPL", PAID))])), VALUES)
    assert list(found.facts) == [
        ("Council", "Oxfordshire County Council, New Road, Oxford"),
        ("Provider", "Diamond"),
        ("Number", "RA-20221003-DIAM"),
        ("Payment period", "3 Oct 2022 to 30 Oct 2022"),
        ("Date paid", "12 Nov 2022"),
    ]
    assert found.warning == ""


@pytest.mark.parametrize(
    ("state", "contracts", "words"),
    [
        ("finalised", [], ""),
        ("current", ["APL", "DAPL"], "Not final: the payment period is current, and what it comes to may still change."),
        ("partially finalised", ["DAPL"], "Not final: DAPL can still change in this payment period."),
        ("partially finalised", ["APL", "DAPL", "Spot"], "Not final: APL, DAPL and Spot can still change in this payment period."),
    ],
)  # fmt: skip
def test_what_can_still_change_is_marked_as_not_final(state: str, contracts: list[str], words: str) -> None:
    assert warning_of(a_remittance(state=state, open_contracts=contracts)) == words


def test_a_sum_is_remitted_only_when_it_is_final() -> None:
    assert "Remitted in all: £20.00" in printed(a_remittance(a_line()))
    current = printed(a_remittance(a_line(), state="current", open_contracts=["DAPL"]))
    assert "Payable so far: £20.00" in current
    assert [text for text in current if "Remitted" in text] == []


@pytest.mark.parametrize(
    ("paid", "words"),
    [
        ([("APL", None), ("DAPL", None)], "not paid yet"),
        ([("APL", PAID), ("DAPL", PAID)], "12 Nov 2022"),
        ([("APL", PAID), ("DAPL", None)], "12 Nov 2022 (APL), not paid yet (DAPL)"),
        ([("APL", PAID), ("DAPL", None), ("Spot", PAID)], "12 Nov 2022 (APL and Spot), not paid yet (DAPL)"),
    ],
)
def test_contracts_that_were_paid_on_other_days_are_told_apart(paid: Any, words: str) -> None:
    assert paid_in_words(an_advice("Diamond", *paid)["paid"]) == words


def test_each_service_has_a_subtotal_and_each_of_several_providers_a_total() -> None:
    lines = (
        a_line(service_total=None, organisation_total=None),
        a_line(client="A2", kind="income", cost_or_income="income", amount="-4.00", service_total="16.00")
        | {"organisation_total": None},
        a_line(service="", client="", kind="debt", amount="-1.00", service_total="-1.00")
        | {"organisation_total": "15.00"},
        a_line(organisation="Pearl", service="Oxford", number="RA-20221003-PEAR"),
    )
    several = a_remittance(*lines, advices=[an_advice(), an_advice("Pearl", ("DAPL", PAID))])
    text = "\n".join(printed(several))
    for part in (
        "Provider: All providers",
        "Diamond, RA-20221003-DIAM, not paid yet\nZone 6\nA1\nMs Łucja O’Brien\nCost\n",
        "Income\nIncome (deduction)\nCare delivered\n3 Oct 2022\n9 Oct 2022\n−£4.00\nZone 6 in all\n£16.00\nNot for one service\n",
        "Not for one service in all\n−£1.00\nDiamond in all\n£15.00\nPearl, RA-20221003-PEAR, 12 Nov 2022\nOxford\n",
    ):
        assert part in text
    single = "\n".join(printed(a_remittance(*lines[:3])))
    assert "Diamond in all" not in single
    assert "Zone 6 in all\n£16.00" in single


def test_what_is_held_stands_below_also_where_nothing_is_paid() -> None:
    held = [{"status": "suspended", "items": 2, "amount": "20.00"}]
    text = printed(a_remittance(not_paid=held, advices=[]))
    assert "2 payment items, £20.00 in all, suspended: held back for now, may be paid later." in text
    assert "Nothing is paid in this period." in text


def test_its_csv_keeps_the_columns_that_other_systems_read_and_adds_others_behind_them() -> None:
    remittance = a_remittance(a_line(), a_line(client="=1+1", contract="Spot", paid_on="2022-11-12"))
    remittance |= {"state": "partially finalised", "open_contracts": ["DAPL"]}
    content = "".join(csv_of(REPORT, VALUES, parts_of(REPORT, an_asking(remittance), VALUES)))
    first, second = csv.DictReader(io.StringIO(content, newline=""))
    assert list(first.items()) == [
        ("Organisation", "Diamond"),
        ("Client", "A1"),
        ("Kind", "cost"),
        ("CostOrIncome", "cost"),
        ("Reason", "Care delivered"),
        ("From", "2022-10-03"),
        ("To", "2022-10-09"),
        ("Value", "20.00"),
        ("ClientName", "Ms Łucja O’Brien"),
        ("Service", "Zone 6"),
        ("Contract", "DAPL"),
        ("Number", "RA-20221003-DIAM"),
        ("PaidOn", ""),
        ("Status", "Not final"),
        ("Council", "Oxfordshire County Council"),
    ]
    assert (second["Client"], second["PaidOn"], second["Status"]) == ("'=1+1", "2022-11-12", "Final")


def test_a_long_one_has_its_headings_and_number_on_every_page() -> None:
    lines = [a_line(client=f"A{n}", service_total=None, organisation_total=None) for n in range(2500)]
    remittance = a_remittance(*lines, a_line(client="last", service_total="50020.00"))
    pages = pages_of(made_pdf(an_asking(remittance), Asked(REPORT, (), VALUES)))
    for number, page in enumerate(pages, 1):
        assert "SSRef" in page.splitlines()
        assert f"Page {number} of {len(pages)}" in page
    amounts = [text for page in pages for text in page.splitlines() if text == "£20.00"]
    assert sum(Decimal(text[1:]) for text in amounts) == Decimal("50020.00")


def test_names_stand_in_a_row() -> None:
    assert [in_a_row(names) for names in (["A"], ["A", "B"], ["A", "B", "C"])] == [
        "A",
        "A and B",
        "A, B and C",
    ]
