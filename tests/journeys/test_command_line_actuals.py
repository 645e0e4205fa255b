"""``caretally actuals`` on a whole stack: from care to money, and corrected (DESIGN 4.1, RULES 13)."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.journeys.test_command_line_files import own_weeks
from tests.support.builders.actual_files import an_actual_row, an_actuals_file
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

WEEK = "2022-10-03"
DAILY = "; ".join(f"{day} 09:00-10:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))
BY_ACTUALS = {
    "PaymentMethod": "Actuals",
    "UnitCost": "23.226",
    "Timetable": DAILY,
    "Contract": "Actuals alone",
}


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider whose one package is paid by actuals."""
    found = a_provider(tmp_path)
    found.import_care(stack, found.care_row(**BY_ACTUALS))
    return found


def actuals(stack: Stack, provider: Provider, *rows: dict[str, str]) -> Path:
    return provider.file(an_actuals_file(*rows), "actuals.csv")


def test_a_week_goes_from_care_to_money_and_is_corrected(stack: Stack, provider: Provider) -> None:
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

    suspended = {"Suspensions": "04/10/2022-04/10/2022 hospital"}
    provider.import_care(stack, provider.care_row(**BY_ACTUALS, **suspended))
    assert own_weeks(stack, provider) == {f"{cpli}/{WEEK}": [18_000, 0, "116.13", "0.00"]}
    kept = stack.ask("actuals", "generate", WEEK, *for_it)
    assert (kept["generated"], kept["kept"], kept["actuals"][0]["planned_seconds"]) == (0, 1, 21_600)

    file = actuals(stack, provider, an_actual_row(cpli, Day="Wed", Delivered="0:30"))
    stack.ask("actuals", "import", file, *for_it, "--confirm")
    assert stack.books()["payable"][provider.name] == "104.52"
    assert stack.ask("reconcile")["differences"] == []


def test_what_is_wrong_with_a_file_is_said_by_row(stack: Stack, provider: Provider) -> None:
    cpli = provider.cpli_id
    file = actuals(stack, provider, an_actual_row(cpli, Delivered="7.75"), an_actual_row(1))
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
