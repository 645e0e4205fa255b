"""What pages of actuals work out by themselves: clients, sums, words of rules, what was typed (RULES 13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from services.portal.actuals.forms import form_of
from services.portal.actuals.views import (
    ClientWeek,
    clients_of,
    page_of,
    services_of,
    sums_by_provider,
    sums_of,
)
from services.portal.actuals.words import days_in_words, rules_in_words, rules_on

HOUR = 3600


def a_line(first_on: str = "2022-10-03", last_on: str | None = None, **facts: Any) -> Any:
    line = {"planned_seconds": HOUR, "delivered_seconds": HOUR, "frustrated_seconds": 0}
    return (
        {"first_on": first_on, "last_on": last_on or first_on, "visits": None, "comment": ""} | line | facts
    )


def an_actual(**facts: Any) -> Any:
    return {
        "cpli_id": 1,
        "state": "submitted",
        "version": 2,
        "organisation_id": "D",
        "client_reference": "A1",
        "service": "Diamond - Zone 6",
        "planned_seconds": HOUR,
        "delivered_seconds": HOUR,
        "frustrated_seconds": 0,
        "cost": "23.23",
        "is_more_than_planned": False,
        "lines": [a_line(), a_line("2022-10-04")],
    } | facts


def a_week(*actuals: Any, suspended: Any = ()) -> Any:
    return {"actuals": list(actuals), "suspended": list(suspended)}


def test_a_week_by_client_has_the_suspended_too() -> None:
    resting = {"cpli_id": 3, "client_reference": "A2", "service": "Pearl", "days": []}
    week = a_week(an_actual(), an_actual(cpli_id=2, state="generated"), suspended=[resting])
    clients = clients_of(week, {"A1": "Zoe", "A2": "Ada"})
    assert [(one.name, len(one.actuals), len(one.suspended)) for one in clients] == [
        ("Ada", 0, 1),
        ("Zoe", 2, 0),
    ]
    assert services_of(week) == ["Diamond - Zone 6", "Pearl"]
    (missing,) = clients_of(week, {}, is_missing=True)
    assert [one["cpli_id"] for one in missing.actuals] == [2]
    assert [one.reference for one in clients_of(week, {}, service="Pearl")] == ["A2"]


def test_what_is_not_generated_comes_to_nothing_yet() -> None:
    sums = sums_of([an_actual(), an_actual(state="none"), an_actual(state="generated")])
    assert (sums.planned, sums.delivered, str(sums.cost)) == (3 * HOUR, 2 * HOUR, "46.46")
    assert (sums.count, sums.missing) == (3, 2)
    assert set(sums_by_provider(a_week(an_actual(), an_actual(organisation_id="P")))) == {"D", "P"}


@pytest.mark.parametrize(
    ("count", "asked", "shown"),
    [
        (0, 1, (1, 1, 1, 0)),
        (50, 1, (1, 1, 1, 50)),
        (50, 2, (1, 1, 1, 50)),
        (51, 2, (2, 2, 51, 51)),
        (500, 1, (1, 10, 1, 50)),
        (500, 10, (10, 10, 451, 500)),
        (500, 11, (10, 10, 451, 500)),
        (500, 0, (1, 10, 1, 50)),
        (500, -3, (1, 10, 1, 50)),
    ],
)
def test_a_week_is_shown_page_by_page(count: int, asked: int, shown: tuple[int, ...]) -> None:
    clients = [ClientWeek(f"A{n}", "") for n in range(1, count + 1)]
    page = page_of(clients, asked)
    assert (page.number, page.pages, page.first, page.last) == shown
    assert page.count == count
    assert [one.reference for one in page.clients] == [
        one.reference for one in clients[page.first - 1 : page.last]
    ]


@pytest.mark.parametrize("count", [60, 500])
def test_every_client_is_on_one_page_in_order(count: int) -> None:
    clients = [ClientWeek(f"A{n}", "") for n in range(count)]
    pages = page_of(clients, 1).pages
    assert [one for n in range(1, pages + 1) for one in page_of(clients, n).clients] == clients


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (a_line(), "Mon 3 Oct"),
        (a_line("2022-10-03", "2022-10-05"), "Mon 3 to Wed 5 Oct"),
        (a_line("2022-10-31", "2022-11-02"), "Mon 31 Oct to Wed 2 Nov"),
    ],
)
def test_days_of_a_line(line: Any, said: str) -> None:
    assert days_in_words(line) == said


def some_rules(**facts: Any) -> Any:
    return {
        "contract": "DAPL",
        "effective_from": "2022-10-03",
        "set_at": "2022-10-01T10:00:00+00:00",
        "unit_minutes": None,
        "wants_comment": False,
        "wants_visits": False,
        "tolerance_percent": "0",
        "confirm_weekday": None,
        "confirm_hour": None,
    } | facts


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, []),
        (
            {"unit_minutes": 15},
            ["Enter time in steps of 15 minutes; the planned time is always allowed."],
        ),
        (
            {"tolerance_percent": "10.00"},
            ["Up to 10 per cent more than planned over the week is accepted and paid."],
        ),
        (
            {"tolerance_percent": "2.50"},
            ["Up to 2.5 per cent more than planned over the week is accepted and paid."],
        ),
        ({"tolerance_percent": "0.00"}, []),
        (
            {"confirm_weekday": 1, "confirm_hour": 9},
            ["Save the week by Tuesday of the week after, 09:00."],
        ),
    ],
)
def test_what_a_contract_asks_in_words(facts: dict[str, Any], said: list[str]) -> None:
    assert rules_in_words(some_rules(**facts)) == said


def test_the_latest_rules_of_a_week_hold_and_of_a_day_the_newest() -> None:
    old = some_rules(effective_from="2022-09-05", unit_minutes=15)
    new = some_rules(unit_minutes=30)
    newest = some_rules(unit_minutes=60, set_at="2022-10-02T10:00:00+00:00")
    assert rules_on([newest, new, old], "DAPL", "2022-10-03") == newest
    assert rules_on([newest, new, old], "DAPL", "2022-09-26") == old
    assert rules_on([newest, new, old], "DAPL", "2022-08-29") is None
    assert rules_on([newest], "APL", "2022-10-03") is None
    assert rules_in_words(None) == []


@pytest.fixture
def posted() -> Iterator[Any]:
    """Has a form of fields that were sent; its CSRF token is not looked at."""
    app = Flask("tests")
    app.config.update(SECRET_KEY="tests", WTF_CSRF_ENABLED=False)

    def send(actual: Any, **typed: str) -> Any:
        sent = {"version": "2"} | typed
        with app.test_request_context("/", method="POST", data=sent):
            form = form_of(actual)
            form.validate()
            return form

    with app.app_context():
        yield send


MONDAY = {"delivered-2022-10-03": "0:45", "frustrated-2022-10-03": "0:15", "comment-2022-10-03": " Fell "}


def test_lines_that_were_not_sent_are_left_out_and_shown_as_they_stand(posted: Any) -> None:
    form = posted(an_actual(), **MONDAY)
    assert form.entered() == [
        {
            "first_on": "2022-10-03",
            "last_on": "2022-10-03",
            "delivered_seconds": 2700,
            "frustrated_seconds": 900,
            "visits": None,
            "comment": "Fell",
        }
    ]
    assert form["delivered-2022-10-04"].data == "1:00"
    assert form.total() == 2 * HOUR


def test_a_time_that_was_not_touched_keeps_its_seconds(posted: Any) -> None:
    lines = [a_line(delivered_seconds=5432)]
    form = posted(an_actual(lines=lines), **{"delivered-2022-10-03": "1:30"})
    assert form.entered()[0]["delivered_seconds"] == 5432


@pytest.mark.parametrize("typed", ["7.75", "-1:00", "1:60", "seven", "", "1"])
def test_what_is_no_time_has_its_sentence(posted: Any, typed: str) -> None:
    form = posted(an_actual(), **MONDAY | {"delivered-2022-10-03": typed})
    (sentence,) = form["delivered-2022-10-03"].errors
    assert sentence.startswith("Delivered, Mon 3 Oct: ")
    assert typed in sentence


@pytest.mark.parametrize(("typed", "is_right"), [("0", True), ("999", True), ("1000", False), ("-1", False)])
def test_a_number_of_visits(posted: Any, typed: str, is_right: bool) -> None:
    form = posted(an_actual(), **MONDAY | {"visits-2022-10-03": typed})
    assert (not form.errors) is is_right


def test_presses_change_the_lines_that_they_name(posted: Any) -> None:
    form = posted(an_actual(), **MONDAY | {"delivered-2022-10-04": "1:00"})
    form.mark_frustrated(["2022-10-03"])
    form.remove_hours(["2022-10-04"])
    first, second = form.entered()
    assert (first["delivered_seconds"], first["frustrated_seconds"]) == (0, HOUR)
    assert (second["delivered_seconds"], second["frustrated_seconds"], second["visits"]) == (0, 0, 0)


def test_faults_stand_beside_their_fields_and_of_the_week_above(posted: Any) -> None:
    form = posted(an_actual(), **MONDAY)
    beside = {"line": "2022-10-04", "column": "Comment", "message": "Say why."}
    above = {"line": None, "column": "Delivered", "message": "More than planned."}
    assert form.refused([beside, above]) == "More than planned."
    assert form["comment-2022-10-04"].errors == ["Say why."]
    assert form.differences([a_line(delivered_seconds=60)]) == [
        ("Delivered, Mon 3 Oct", "0:01"),
        ("Frustrated, Mon 3 Oct", "0:00"),
        ("Comment, Mon 3 Oct", ""),
    ]
