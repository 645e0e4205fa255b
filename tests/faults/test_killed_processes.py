"""`kill -9` of every process while a council's files come in changes nothing of what comes of them."""

from collections.abc import Callable

import pytest

from tests.faults.conftest import EVENINGS, SEED
from tests.faults.evening import Blows, Evening, evening, seeded_blows
from tests.support.stack.own_council import OTHER_WAYS, OwnCouncil
from tests.support.stack.stack import Stack

FILES = 25
"""Of visits, and the last five of actuals."""
VICTIMS = [
    "ingest-rpc",
    "ingest-worker",
    "matching-rpc",
    "matching-worker",
    "payments-rpc",
    "payments-worker",
    "broker",
    "database",
]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", range(EVENINGS))
def test_the_books_are_those_of_the_undisturbed_evening(
    stack: Stack, councils: Callable[[], OwnCouncil], undisturbed: Evening, number: int
) -> None:
    planned = seeded_blows(f"{SEED} {number}", VICTIMS, FILES)
    blows = Blows(planned, stack.pid_of)

    disturbed = evening(stack, councils(), blows)

    assert len(set(blows.killed)) == len(VICTIMS), planned
    assert disturbed.files == undisturbed.files, planned
    assert disturbed.invoiced == undisturbed.invoiced, planned
    assert disturbed.books == undisturbed.books, planned
    assert stack.reconcile() == {"differences": [], "in_flight": []}, planned
    assert stack.ask("dead-letters", "list") == [], planned
    stack.await_ready()


def test_the_undisturbed_evening_is_one_worth_disturbing(undisturbed: Evening) -> None:
    assert len(undisturbed.files) == FILES
    assert {file["state"] for file in undisturbed.files} == {"applied"}
    assert undisturbed.books["matched"] > 1000
    assert undisturbed.books["unmatched"]
    assert len(undisturbed.books["weeks"]) > 100
    assert len(undisturbed.books["payable"]) == 5
    entered = {week for week in undisturbed.books["weeks"] if int(week.split("/")[0]) >= OTHER_WAYS}
    assert len(entered) == 20  # four weeks of five line items by actuals; what is invoiced has none
    assert [state.split()[0] for state in undisturbed.invoiced] == ["Accepted"] * 5
