"""``caretally actuals`` on a whole stack: from care to money, to an adjustment (DESIGN 4.1, RULES 13)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.journeys.test_command_line_files import own_weeks
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

WEEK, NEXT_PERIOD = "2022-03-21", "2022-04-18"
"""Before the periods that other tests finalise: one that is finalised takes all earlier ones along."""
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
BY_ACTUALS = {
    "PaymentMethod": "Actuals",
    "UnitCost": "23.226",
    "Timetable": DAILY,
    "StartDate": "21/03/2022",
    "Contract": "Actuals alone",
}
"""A contract of their own: its period is finalised, and nobody else's."""


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider whose one package is paid by actuals."""
    found = a_provider(tmp_path)
    found.import_care(stack, found.care_row(**BY_ACTUALS))
    return found


def actuals(stack: Stack, provider: Provider, *rows: dict[str, str]) -> Path:
    return provider.file(an_actuals_file(*rows), "actuals.csv")


def test_a_week_goes_from_care_to_money_and_to_an_adjustment(stack: Stack, provider: Provider) -> None:
    cpli = provider.cpli_id
    for_it = ("--organisation", provider.name)
    generated = stack.ask("actuals", "generate", WEEK, *for_it)
    assert generated == {
        "week": WEEK,
        "generated": 1,
        "kept": 0,
        "total_cost": "162.58",
        "actuals": [
            {
                "cpli_id": cpli,
                "state": "generated",
                "planned_seconds": 25_200,
                "delivered_seconds": 25_200,
                "frustrated_seconds": 0,
                "cost": "162.58",
            }
        ],
    }
    assert own_weeks(stack, provider) == {}

    exported = list(csv.DictReader(io.StringIO(stack.tell("actuals", "export", WEEK, *for_it))))
    assert [(row["Day"], row["Planned"], row["Delivered"]) for row in exported] == [
        (day, "1:00", "1:00") for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ]
    exported[0] |= {"Delivered": "0:00"}
    exported[1] |= {"Delivered": "0:15", "Frustrated": "0:30"}
    file = actuals(stack, provider, *exported)
    checked = stack.ask("actuals", "import", file, *for_it)
    assert list(checked) == ["id", "state", "counts", "forecast", "errors", "file_warnings"]
    assert list(checked["counts"].values()) == [1, 1, 0, 0, 0, 0, 0]
    assert checked["forecast"] == {"payable": "133.55", "matched": 1, "unmatched": {}}
    assert own_weeks(stack, provider) == {}
    assert stack.ask("actuals", "import", file, *for_it, "--confirm")["state"] == "applied"
    assert own_weeks(stack, provider) == {f"{cpli}/{WEEK}": [18_900, 1_800, "121.94", "11.61"]}
    assert stack.books()["payable"][provider.name] == "133.55"
    assert stack.ask("reconcile")["differences"] == []

    suspended = {"Suspensions": "22/03/2022-22/03/2022 hospital"}
    provider.import_care(stack, provider.care_row(**BY_ACTUALS, **suspended))
    assert own_weeks(stack, provider) == {f"{cpli}/{WEEK}": [18_000, 0, "116.13", "0.00"]}
    kept = stack.ask("actuals", "generate", WEEK, *for_it)
    assert (kept["generated"], kept["kept"], kept["actuals"][0]["planned_seconds"]) == (0, 1, 21_600)

    stack.ask("periods", "finalise", WEEK, "--contract", BY_ACTUALS["Contract"])
    file = actuals(stack, provider, an_actual_row(cpli, Week=WEEK, Day="Wed", Delivered="0:30"))
    stack.ask("actuals", "import", file, *for_it, "--confirm")
    assert stack.books()["payable"][provider.name] == "104.52"
    (item,) = stack.ask("periods", "items", NEXT_PERIOD, *for_it)
    assert (item["amount"], item["kind"], item["reason"]) == (
        "-11.61",
        "adjustment",
        "Retrospective change to actuals",
    )
    assert stack.ask("reconcile")["differences"] == []
    # what it holds would stand in the way of later periods, which other tests finalise
    stack.ask("periods", "finalise", NEXT_PERIOD, "--contract", BY_ACTUALS["Contract"])


def test_what_is_wrong_with_a_file_is_said_by_row(stack: Stack, provider: Provider) -> None:
    cpli = provider.cpli_id
    file = actuals(
        stack, provider, an_actual_row(cpli, Week=WEEK, Delivered="7.75"), an_actual_row(1, Week=WEEK)
    )
    found = stack.ask("actuals", "import", file, "--organisation", provider.name, "--confirm")
    assert (found["state"], found["counts"]["rejected"]) == ("applied", 2)
    assert [(one["row"], one["ref"], one["column"], one["code"]) for one in found["errors"]] == [
        (2, f"{cpli}/{WEEK}", "Delivered", "unreadable"),
        (3, f"1/{WEEK}", "CpliId", "not_yours"),
    ]


@pytest.mark.parametrize(
    "arguments",
    [
        ("actuals", "generate", WEEK, "--organisation", "Nobody Ltd"),
        ("actuals", "export", WEEK, "--organisation", "Nobody Ltd"),
    ],
)
def test_an_unknown_provider_is_refused(stack: Stack, arguments: tuple[str, ...]) -> None:
    assert "Nobody Ltd" in stack.expect_refusal(*arguments)


def test_a_day_that_is_no_monday_is_wrong_usage(stack: Stack) -> None:
    assert stack.run("actuals", "generate", "2022-10-04", "--organisation", "X").returncode == 2
