"""``caretally holds`` on a whole stack (DESIGN 4.1, RULES 8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from deploy.ops.reconcile.books import reconcile as work_out
from tests.support.stack.one_provider import Provider, a_provider
from tests.support.stack.stack import Stack

WEEK = "2022-08-01"
WHY = ("--reason", "The rate is looked into", "--owner", "finance@council.example")


@pytest.fixture
def provider(stack: Stack, tmp_path: Path) -> Provider:
    """A provider with a week of two visits, £20.00."""
    found = a_provider(tmp_path)
    found.import_care(stack)
    second = found.row(VisitRef="V2", PlannedVisitDate="02/08/2022", DeliveredVisitDate="02/08/2022")
    found.import_visits(stack, found.visits(found.row(), second), "--confirm")
    stack.books()
    return found


def list_holds(stack: Stack, provider: Provider) -> list[Any]:
    return [hold for hold in stack.ask("holds", "list") if hold["cpli_id"] == int(provider.cpli_id)]


def read_total_charges(stack: Stack) -> float:
    return float(stack.books()["total_charges"])


def test_a_week_is_held_listed_and_released(stack: Stack, provider: Provider) -> None:
    cpli, before = str(provider.cpli_id), read_total_charges(stack)
    done = stack.run("holds", "place", cpli, WEEK, "--kind", "cancel", *WHY)
    assert (done.returncode, done.stderr) == (0, "")
    assert list_holds(stack, provider) == [
        {
            "cpli_id": int(cpli),
            "week": WEEK,
            "kind": "cancel",
            "charge": "nothing",
            "reason": "The rate is looked into",
            "owner": "finance@council.example",
            "held": "20.00",
        }
    ]
    assert round(before - read_total_charges(stack), 2) == 20
    assert stack.books()["payable"][provider.name] == "20.00"
    many = stack.run("holds", "release-many", f"{cpli}/{WEEK}", f"{cpli}/2022-08-08", "--json")
    assert many.returncode == 1
    assert f"Left: {cpli}/2022-08-08: Nothing of this week is held." in many.stderr
    assert json.loads(many.stdout)["amount"] == "20.00"
    again = stack.run("holds", "place-many", f"{cpli}/{WEEK}", "--kind", "cancel", *WHY)
    assert (again.returncode, again.stdout) == (0, "1 week is held, £20.00 in all.\n")
    assert stack.run("holds", "place-many", "soon", "--kind", "cancel", *WHY).returncode == 2

    gone = provider.visits(provider.row(VisitRef="V2", Deleted="1"))
    provider.import_visits(stack, gone, "--confirm")
    stack.books()
    assert list_holds(stack, provider)[0]["held"] == "10.00"
    assert stack.run("holds", "charge", cpli, WEEK, "keep", "--reason", "Agreed").returncode == 0
    assert round(before - read_total_charges(stack), 2) == 10
    assert stack.run("holds", "place", cpli, WEEK, "--kind", "carry-forward", *WHY).returncode == 0
    assert [(hold["kind"], hold["charge"]) for hold in list_holds(stack, provider)] == [
        ("carry-forward", "keep")
    ]
    assert stack.run("holds", "release", cpli, WEEK).returncode == 0
    assert list_holds(stack, provider) == []
    assert stack.books()["payable"][provider.name] == "10.00"
    assert work_out(stack.notes().reader_url)["differences"] == []


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (("release", "899999999", WEEK), 1, "There is no care package line item 899999999."),
        (("place", "1", "2022-08-02", "--kind", "cancel", *WHY), 2, "no Monday"),
        (("place", "1", WEEK, "--kind", "hide", *WHY), 2, "carry-forward"),
        (("place", "1", WEEK, "--kind", "cancel", "--charge", "half", *WHY), 2, "nothing"),
        (("place", "1", WEEK, "--kind", "cancel"), 2, "--reason"),
    ],
)
def test_what_is_no_hold_is_refused(
    stack: Stack, arguments: tuple[str, ...], status: int, words: str
) -> None:
    done = stack.run("holds", *arguments)
    assert done.returncode == status
    assert words in done.stderr
