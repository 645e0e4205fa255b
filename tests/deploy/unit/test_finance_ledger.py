"""The books of the example finance system: each event once, in the order of its stream."""

import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "deploy" / "examples"))

from finance_consumer.ledger import APPLIED, EARLY, REPEATED, Ledger, pence, pounds

DIAMOND, PEARL = "diamond", "pearl"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    found = Ledger(tmp_path / "finance.sqlite")
    yield found
    found.close()


def an_item(
    number: int, amount: str = "10.00", *, stream: str = DIAMOND, id: str | None = None
) -> dict[str, Any]:
    data = {
        "organisation_id": stream,
        "period_start": "2022-10-03",
        "contract": "DAPL",
        "client_reference": "C1",
    }
    data |= {"cpli_id": 1, "week": "2022-10-03", "kind": "cost", "amount": amount, "reason": "Cost of care"}
    return an_event("payment.item.posted.v1", number, data, stream=stream, id=id)


def an_event(
    kind: str, number: int, data: dict[str, Any], *, stream: str = DIAMOND, id: str | None = None
) -> dict[str, Any]:
    event_id = id or f"{stream}-{number}"
    return {"id": event_id, "type": kind, "partitionkey": stream, "sequence": f"{number:012d}", "data": data}


def test_a_repeat_is_harmless(ledger: Ledger) -> None:
    assert [ledger.take(an_item(1)), ledger.take(an_item(1))] == [APPLIED, REPEATED]
    assert ledger.totals()["due"] == {DIAMOND: "10.00"}


def test_what_comes_early_waits_until_the_missing_ones_are_here(ledger: Ledger) -> None:
    assert [ledger.take(an_item(number)) for number in (1, 4, 3)] == [APPLIED, EARLY, EARLY]
    assert (ledger.gaps(), ledger.totals()["due"]) == ([(DIAMOND, 2, 2)], {DIAMOND: "10.00"})
    ledger.take(an_item(2, "-2.50"))
    assert (ledger.gaps(), ledger.totals()["due"]) == ([], {DIAMOND: "27.50"})


def test_streams_do_not_wait_for_each_other(ledger: Ledger) -> None:
    ledger.take(an_item(2))
    ledger.take(an_item(1, stream=PEARL))
    assert (ledger.gaps(), ledger.totals()["due"]) == ([(DIAMOND, 1, 1)], {PEARL: "10.00"})


def test_a_number_that_two_events_say_is_a_problem_and_no_money(ledger: Ledger) -> None:
    ledger.take(an_item(1))
    ledger.take(an_item(1, id="another"))
    assert ledger.totals()["due"] == {DIAMOND: "10.00"}
    assert len(ledger.totals()["problems"]) == 1


def test_a_finalised_period_that_says_other_sums_is_a_problem(ledger: Ledger) -> None:
    ledger.take(an_item(1))
    period = {"organisation_id": DIAMOND, "period_start": "2022-10-03", "contract": None, "items": 1}
    ledger.take(an_event("payment.period.finalised.v1", 2, period | {"posted": "10.00", "payable": "10.00"}))
    assert ledger.totals()["problems"] == []
    ledger.take(an_event("payment.period.finalised.v1", 3, period | {"posted": "11.00", "payable": "10.00"}))
    assert len(ledger.totals()["problems"]) == 1
    ledger.take(an_event("payment.period.finalised.v1", 4, period | {"posted": "10.00", "payable": "4.00"}))
    assert len(ledger.totals()["problems"]) == 2


def a_move(number: int, of: int, *lines: tuple[str, str, str]) -> dict[str, Any]:
    data = {
        "item_id": f"{DIAMOND}-{of}",
        "lines": [
            {"period_start": start, "status": status, "amount": amount} for start, status, amount in lines
        ],
    }
    return an_event("payment.item.moved.v1", number, data)


def test_what_is_held_is_not_due_until_it_is_released_and_then_in_the_period_that_pays_it(
    ledger: Ledger,
) -> None:
    first, second = "2022-10-03", "2022-10-31"
    ledger.take(an_item(1))
    held = an_item(2, "5.00")
    held["data"]["status"] = "suspended"
    ledger.take(held)
    assert (ledger.totals()["due"], ledger.totals()["held"]) == ({DIAMOND: "10.00"}, {DIAMOND: "5.00"})
    ledger.take(a_move(3, 1, (first, "payable", "-10.00"), (first, "cancelled", "10.00")))
    assert (ledger.totals()["due"], ledger.totals()["held"]) == ({DIAMOND: "0.00"}, {DIAMOND: "15.00"})
    period = {"organisation_id": DIAMOND, "contract": None, "posted": "15.00", "items": 2}
    period |= {"period_start": first, "payable": "0.00"}
    ledger.take(an_event("payment.period.finalised.v1", 4, period))
    release = ((first, "cancelled", "-10.00"), (first, "released", "10.00"), (second, "payable", "10.00"))
    ledger.take(a_move(5, 1, *release))
    assert (ledger.totals()["due"], ledger.totals()["held"]) == ({DIAMOND: "10.00"}, {DIAMOND: "5.00"})
    later = {"period_start": second, "posted": "0.00", "items": 0, "payable": "10.00"}
    ledger.take(an_event("payment.period.finalised.v1", 6, period | later))
    assert ledger.totals()["problems"] == []


def test_books_from_before_there_were_lines_go_on(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite"
    old = Ledger(path)
    old.take(an_item(1))
    old.close()
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE lines")
    database.close()
    ledger = Ledger(path)
    ledger.take(an_item(2))
    assert ledger.totals()["due"] == {DIAMOND: "20.00"}
    ledger.close()


def test_an_event_of_a_later_kind_only_counts(ledger: Ledger) -> None:
    assert ledger.take(an_event("payment.something.else.v1", 1, {})) == APPLIED
    assert ledger.take(an_item(2)) == APPLIED


def test_pounds_are_exact() -> None:
    assert [pence("0.29"), pence("-12.50"), pounds(29), pounds(-1250), pounds(0)] == [
        29,
        -1250,
        "0.29",
        "-12.50",
        "0.00",
    ]
