"""How concerns and breach notices may move, and what a move needs (RULES 16)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libs.common.casework.concerns import (
    ACCEPTED,
    ANSWERED,
    BREACH_NOTICE,
    CLOSED,
    INVESTIGATING,
    OVER,
    RECEIVED,
    REFERRED,
    REMEDIED,
    SENT,
    STATES,
    UNFOUNDED,
)
from services.disputes.concerns.rules import (
    MOVES,
    NOTE,
    allowed_moves,
    find_fault_of_deadline,
    find_fault_of_move,
    is_open,
    is_overdue,
    is_past,
    may,
    may_answer,
    months_of,
    notice_state_after,
)

GO_ON, CLOSE = "investigate_further", "close"


@pytest.mark.parametrize(
    ("state", "notice_state", "moves"),
    [
        (RECEIVED, None, ["investigate"]),
        (INVESTIGATING, None, ["find_unfounded", "remedy", "refer", "send_notice"]),
        (INVESTIGATING, OVER, ["find_unfounded", "remedy", "refer", "send_notice"]),
        (UNFOUNDED, None, [GO_ON, CLOSE]),
        (REMEDIED, None, [GO_ON, CLOSE]),
        (REMEDIED, ACCEPTED, [GO_ON, CLOSE]),
        (REFERRED, None, [GO_ON, CLOSE]),
        (BREACH_NOTICE, SENT, [GO_ON, CLOSE]),
        (BREACH_NOTICE, ANSWERED, ["accept_answer", GO_ON, CLOSE]),
        (CLOSED, None, []),
    ],
)
def test_what_can_be_done_in_a_state(state: str, notice_state: str | None, moves: list[str]) -> None:
    assert allowed_moves(state, notice_state=notice_state) == moves


@pytest.mark.parametrize(
    ("move", "after"),
    [
        ("investigate", INVESTIGATING),
        ("find_unfounded", UNFOUNDED),
        ("remedy", REMEDIED),
        ("refer", REFERRED),
        ("send_notice", BREACH_NOTICE),
        ("accept_answer", REMEDIED),
        (GO_ON, INVESTIGATING),
        (CLOSE, CLOSED),
    ],
)
def test_where_a_move_leads(move: str, after: str) -> None:
    assert MOVES[move].after == after


@pytest.mark.parametrize("state", STATES)
def test_notes_are_added_until_the_concern_is_closed(state: str) -> None:
    assert may(NOTE, state) is is_open(state) is (state != CLOSED)


def test_a_move_that_does_not_exist_can_not_be_made() -> None:
    assert not may("forget", INVESTIGATING)


def test_from_its_beginning_a_concern_reaches_every_state() -> None:
    reached = {RECEIVED}
    while more := {move.after for move in MOVES.values() if reached & {*move.before}} - reached:
        reached |= more
    assert reached == {*STATES}


@pytest.mark.parametrize(
    ("move", "after"),
    [("accept_answer", ACCEPTED), (GO_ON, OVER), (CLOSE, OVER), ("refer", None), (NOTE, None)],
)
def test_what_a_move_makes_of_the_breach_notice(move: str, after: str | None) -> None:
    assert notice_state_after(move) == after


@pytest.mark.parametrize(
    ("state", "is_so"), [(SENT, True), (ANSWERED, True), (ACCEPTED, False), (OVER, False)]
)
def test_a_notice_is_answered_once_or_again_until_it_is_settled(state: str, is_so: bool) -> None:
    assert may_answer(state) is is_so


@pytest.mark.parametrize(
    ("moment", "is_so"),
    [
        ("2022-10-10T22:59:59+00:00", False),  # one second to midnight on London's clocks
        ("2022-10-10T23:00:00+00:00", True),
        ("2022-10-09T12:00:00+00:00", False),
    ],
)
def test_there_is_time_to_the_end_of_the_deadline_s_day_in_london(moment: str, is_so: bool) -> None:
    now = dt.datetime.fromisoformat(moment)
    assert is_past(dt.date(2022, 10, 10), now) is is_so
    assert is_overdue(SENT, dt.date(2022, 10, 10), now) is is_so
    assert not is_overdue(ANSWERED, dt.date(2022, 10, 10), now)


@pytest.mark.parametrize(
    ("move", "words", "more", "fault"),
    [
        ("investigate", "", {}, None),
        ("accept_answer", "", {}, None),
        (CLOSE, "", {"ended_in": "new_provider"}, None),
        (CLOSE, "", {}, None),
        ("remedy", "Talked to her", {}, None),
        ("refer", "At risk", {"referred_to": "safeguarding"}, None),
        (NOTE, "  ", {}, "Say why, or what was found."),
        ("find_unfounded", "", {}, "Say why, or what was found."),
        (GO_ON, "", {}, "Say why, or what was found."),
        ("refer", "At risk", {}, "Say to which team it is referred, and only where it is."),
        (
            "refer",
            "x",
            {"referred_to": "police"},
            "Say to which team it is referred, and only where it is.",
        ),
        (
            "remedy",
            "x",
            {"referred_to": "safeguarding"},
            "Say to which team it is referred, and only where it is.",
        ),
        ("remedy", "x", {"ended_in": "new_provider"}, "Say what it ended in only where it is closed."),
        (CLOSE, "x", {"ended_in": "nothing"}, "Say what it ended in only where it is closed."),
    ],
)
def test_what_a_move_needs(move: str, words: str, more: dict[str, str], fault: str | None) -> None:
    assert find_fault_of_move(move, words, **more) == fault


@pytest.mark.parametrize(
    ("due_on", "fault"),
    [
        ("2022-10-03", "The deadline must be after today."),
        ("2022-10-02", "The deadline must be after today."),
        ("2022-10-04", None),
        ("2023-10-04", None),
        ("2023-10-05", "The deadline must be within a year."),
    ],
)
def test_the_deadline_of_a_breach_notice(due_on: str, fault: str | None) -> None:
    assert find_fault_of_deadline(dt.date.fromisoformat(due_on), dt.date(2022, 10, 3)) == fault


DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2098, 1, 1))


@given(DAYS, st.integers(0, 1500))
def test_months_of_a_span_follow_each_other_and_hold_both_ends(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    months = months_of(first, last)
    assert (months[0], months[-1]) == (first.replace(day=1), last.replace(day=1))
    assert len(months) == (last.year - first.year) * 12 + last.month - first.month + 1
    assert list(months) == sorted(set(months))
