"""``caretally measures`` and ``under-delivery`` on a whole stack (DESIGN 4.1, RULES 16)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import psycopg
import pytest

from tests.support.run.waiting import wait_until
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

MONDAY = dt.date(2022, 8, 1)
SLOTS = "; ".join(f"{day} 09:00-09:30" for day in ("Tue", "Wed", "Thu", "Fri", "Sat", "Sun"))


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider with one visit in each of six weeks, on a Monday, the first one late and entered by hand."""
    found = a_provider(tmp_path)
    timetable = f"Mon 09:00-09:30!; {SLOTS}"
    found.import_care(stack, found.care_row(Quantity="3.5", Timetable=timetable, StartDate="01/08/2022"))
    visits = []
    for number in range(6):
        day = f"{MONDAY + dt.timedelta(days=7 * number):%d/%m/%Y}"
        late = {"DeliveredEntryTime": "09:16", "DeliveredEntryTimeIsOverridden": "Y"} if not number else {}
        visits.append(found.row(VisitRef=f"V{number}", PlannedVisitDate=day, DeliveredVisitDate=day, **late))
    found.import_visits(stack, found.visits(*visits), "--confirm")
    stack.books()
    return found


def test_measures_are_asked_for_by_days_and_provider(stack: Stack, provider: Provider) -> None:
    week = ("--from", "2022-08-01", "--to", "2022-08-07")
    found = stack.ask("measures", *week, "--organisation", provider.name)
    assert found == {
        "organisations": {
            provider.name: {
                "delivered": 1,
                "frustrated": 0,
                "cancelled": 0,
                "hospital": 0,
                "missed": 6,
                "late": 1,
                "early": 0,
                "very_late": 0,
                "short": 1,
                "logged_share": "0.0",
                "under_30_share": "0.0",
                "continuity": None,
                "hours_delivered": "0.23",
                "hours_commissioned": "3.50",
                "time_critical_share": "0.0",
            }
        }
    }
    assert (
        stack.ask("measures", *week)["organisations"][provider.name] == found["organisations"][provider.name]
    )
    said = stack.run("measures", *week, "--organisation", provider.name).stdout
    assert said.startswith(f"{provider.name}: 1 delivered, 0 frustrated")
    assert "carers a client" not in said


def test_measures_are_kept_by_themselves_and_proved(stack: Stack, provider: Provider) -> None:
    def is_kept() -> bool:
        with psycopg.connect(stack.notes().reader_url) as connection:
            found = connection.execute("SELECT count(*) FROM matching.stale_weeks").fetchone()
        return found == (0,)

    asked = ("measures", "--from", "2022-08-01", "--to", "2022-09-11", "--organisation", provider.name)
    as_they_stand = stack.ask(*asked)
    assert as_they_stand["organisations"][provider.name]["delivered"] == 6
    wait_until(is_kept, 60)
    assert stack.ask(*asked) == as_they_stand
    assert stack.reconcile()["differences"] == []


def test_under_delivery_is_listed(stack: Stack, provider: Provider) -> None:
    assert stack.ask("under-delivery", "--organisation", provider.name) == [
        {
            "cpli_id": provider.cpli_id,
            "direction": "under",
            "commissioned_hours": "3.50",
            "median_hours": "0.50",
            "saving_a_year": "3120.00",
        }
    ]
    assert "0.50 of 3.50 hours a week  £3120.00 a year" in stack.run("under-delivery").stdout


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("measures", "--from", "2022-08-07", "--to", "2022-08-01"), 2, "before"),
        (("measures", "--from", "soon", "--to", "2022-08-01"), 2, "no"),
        (("measures", "--to", "2022-08-01"), 2, "--from"),
        (("under-delivery", "--organisation", "Nobody Ltd"), 1, "Nobody Ltd"),
    ],
)
def test_what_can_not_be_measured_is_refused(
    stack: Stack, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = stack.run(*arguments)
    assert done.returncode == status
    assert words in done.stderr
