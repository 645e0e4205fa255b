"""Clients take turns at the portal's page threads."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.web.serving.turns import Turns

Asked = list[tuple[str, int]]


def turns_of(asked: Asked) -> Turns[tuple[str, int]]:
    found: Turns[tuple[str, int]] = Turns(lambda one: one[0])
    for one in asked:
        found.append(one)
    return found


def numbered(clients: str) -> Asked:
    seen: Counter[str] = Counter()
    asked = []
    for client in clients:
        asked.append((client, seen[client]))
        seen[client] += 1
    return asked


@pytest.mark.parametrize(
    ("came", "went"),
    [("", ""), ("a", "a"), ("aaa", "aaa"), ("aaab", "abaa"), ("aabbc", "abcab"), ("abcabc", "abcabc")],
)
def test_the_first_of_each_line_goes_in_turn(came: str, went: str) -> None:
    turns = turns_of(numbered(came))
    assert "".join(turns.popleft()[0] for _ in range(len(turns))) == went


def test_nobody_is_taken_from_an_empty_queue() -> None:
    with pytest.raises(IndexError):
        turns_of([]).popleft()


@given(st.text("abcd", max_size=40), st.lists(st.booleans(), max_size=80))
def test_whoever_waits_sees_nobody_else_twice(clients: str, takes: list[bool]) -> None:
    """However they come and go, nobody is lost, lines keep their order, and between two turns each other has one."""
    coming, turns, went = numbered(clients), turns_of([]), []
    waiting: Counter[str] = Counter()
    passed: dict[str, Counter[str]] = {}
    for take in takes + [False, True] * len(coming):
        if not take and coming:
            one = coming.pop(0)
            turns.append(one)
            waiting[one[0]] += 1
            passed.setdefault(one[0], Counter())
        elif take and len(turns):
            one = turns.popleft()
            went.append(one)
            waiting[one[0]] -= 1
            for client, by in passed.items():
                if client != one[0] and waiting[client]:
                    by[one[0]] += 1
                    assert by[one[0]] <= 1
            passed[one[0]] = Counter()
    assert len(turns) == 0
    assert sorted(went) == sorted(numbered(clients))
    for client in "abcd":
        assert [number for name, number in went if name == client] == list(range(clients.count(client)))
