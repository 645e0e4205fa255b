"""How cases move, and until when a side has time (RULES 8 to 12)."""

import datetime as dt

import pytest

from libs.common.casework.cases import COUNCIL, FIRST, KINDS, MOVES, NOBODY, OPEN, PROVIDER, STATES
from services.disputes.cases.rules import allowed_moves, due_at, is_open, is_overdue, may


@pytest.mark.parametrize(
    ("kind", "side", "state", "moves"),
    [
        ("dispute", PROVIDER, "In Dispute", ["request_resolution"]),
        ("dispute", PROVIDER, "Resolution Requested", []),
        ("dispute", COUNCIL, "In Dispute", ["take_back"]),
        ("dispute", COUNCIL, "Resolution Requested", ["ask_again", "resolve"]),
        ("dispute", COUNCIL, "Resolved", []),
        ("enquiry", COUNCIL, "With the Council", ["answer", "settle"]),
        ("enquiry", PROVIDER, "With the Provider", ["ask_again", "settle"]),
        ("action", PROVIDER, "Provider", ["assign_to_council"]),
        ("action", COUNCIL, "LA (Finance Team)", ["assign_to_provider", "close"]),
        ("review", COUNCIL, "Requested", ["approve", "reject"]),
        ("review", PROVIDER, "Approved", []),
        ("claim", PROVIDER, "Unsubmitted", ["submit", "cancel"]),
        ("claim", COUNCIL, "Unsubmitted", []),
        ("claim", COUNCIL, "Pending", ["accept", "reject"]),
        ("claim", COUNCIL, "Accepted", []),
    ],
)
def test_what_a_side_may_do(kind: str, side: str, state: str, moves: list[str]) -> None:
    assert allowed_moves(kind, side, state) == moves


@pytest.mark.parametrize(
    ("kind", "side", "state", "moves"),
    [
        ("dispute", COUNCIL, "In Dispute", ["resolve", "withdraw", "take_back"]),
        ("dispute", PROVIDER, "In Dispute", ["request_resolution"]),
        ("dispute", COUNCIL, "Resolved", []),
        ("enquiry", PROVIDER, "With the Council", ["settle"]),
    ],
)
def test_what_a_side_may_do_once_the_deadline_has_passed(
    kind: str, side: str, state: str, moves: list[str]
) -> None:
    assert allowed_moves(kind, side, state, is_late=True) == moves


def test_a_move_that_does_not_exist_is_not_allowed_moves() -> None:
    assert not may("dispute", "pay", COUNCIL, "In Dispute")


@pytest.mark.parametrize("kind", KINDS)
def test_from_its_beginning_every_case_can_come_to_an_end(kind: str) -> None:
    reached = {state for (first, _), (state, _, _) in FIRST.items() if first == kind}
    while more := {m.after for m in MOVES[kind].values() if reached & {*m.before, *m.once_overdue}} - reached:
        reached |= more
    assert reached == set(STATES[kind])
    assert any(not is_open(kind, state) for state in reached)


@pytest.mark.parametrize("kind", KINDS)
def test_whoever_has_the_turn_can_do_something_and_nobody_has_it_at_the_end(kind: str) -> None:
    begun = {(state, turn) for (first, _), (state, turn, _) in FIRST.items() if first == kind}
    for state, turn in begun | {(move.after, move.turn) for move in MOVES[kind].values()}:
        assert (turn == NOBODY) == (state not in OPEN[kind])
        assert turn == NOBODY or allowed_moves(kind, turn, state)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2022-10-03T09:00:00+00:00", "2022-10-10T23:00:00+00:00"),  # summer: midnight is at 23:00 UTC
        ("2022-10-03T22:59:59+00:00", "2022-10-10T23:00:00+00:00"),
        ("2022-10-03T23:00:00+00:00", "2022-10-11T23:00:00+00:00"),  # the fourth already in London
        ("2022-10-26T12:00:00+00:00", "2022-11-03T00:00:00+00:00"),  # the clocks go back meanwhile
        ("2022-12-25T12:00:00+00:00", "2023-01-02T00:00:00+00:00"),
    ],
)
def test_a_side_has_until_the_end_of_the_seventh_day_in_london(asked: str, due: str) -> None:
    found = due_at(dt.datetime.fromisoformat(asked))
    assert found == dt.datetime.fromisoformat(due)
    assert is_overdue(found, found)
    assert not is_overdue(found, found - dt.timedelta(microseconds=1))


def test_without_a_deadline_nothing_is_overdue() -> None:
    assert not is_overdue(None, dt.datetime.max.replace(tzinfo=dt.UTC))
