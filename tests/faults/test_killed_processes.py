"""`kill -9` of any one process while a council's files come in changes nothing of what comes of them."""

from collections.abc import Callable

import pytest

from tests.faults.conftest import SEED
from tests.faults.evening import Blows, Evening, evening, seeded_moments
from tests.support.stack.own_council import OTHER_WAYS, OwnCouncil
from tests.support.stack.stack import Stack

FILES = 25
"""Of visits, and the last five of actuals."""
BLOWS = {"broker": 1}
"""How often each is killed; 2 unless said here. A broker takes ten seconds to come back."""

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


@pytest.mark.timeout(400)
@pytest.mark.parametrize("victim", VICTIMS)
def test_the_books_are_those_of_the_undisturbed_evening(
    stack: Stack, councils: Callable[[], OwnCouncil], undisturbed: Evening, victim: str
) -> None:
    moments = seeded_moments(SEED, victim, blows=BLOWS.get(victim, 2), files=FILES)
    blows = Blows(moments, lambda: stack.pid_of(victim))

    disturbed = evening(stack, councils(), blows)

    assert len(set(blows.killed)) == len(moments)
    assert disturbed.files == undisturbed.files
    assert disturbed.invoiced == undisturbed.invoiced
    assert disturbed.books == undisturbed.books
    assert stack.reconcile() == {"differences": [], "in_flight": []}
    assert stack.ask("dead-letters", "list") == []
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
