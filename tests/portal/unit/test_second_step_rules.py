"""The bounds of signing in, what they let a guesser do, and common passwords about their holder (RULES 14)."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.portal.accounts import passwords
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts.passwords import holds_a_name, holds_a_season, is_common
from services.portal.accounts.rules import MOST_WRONG_ANSWERS, Count
from services.portal.accounts.signing_in import rules
from tests.support.portal.accounts import NOON

DAY = dt.timedelta(days=1)
SECURITY = Path(__file__).parents[3] / "docs" / "security.md"
ABOUT = (
    "zoe.okafor@willow-brook.example",
    "Willow Brook Home Care Ltd",
    "Rutland County Council",
    "Zoë",
    "Okafor-Hill",
)


@pytest.mark.parametrize(
    "password",
    [
        "Willow7Lamp",
        "W1ll0w-lamp-9",
        "xxW i l l o w9",
        "9Br00kLamp",
        "My0k4f0rPass",
        "hill-Lamp-77",
        "Rutl@nd77x",
        "rUTLAND2026x",
        "Z03-12345",
        "zoe!!99887",
        "WillowBrookHomeCareLtd1",
    ],
)
def test_a_password_that_holds_a_name(password: str) -> None:
    assert holds_a_name(password, ABOUT)
    assert is_common(password, ABOUT)


@pytest.mark.parametrize(
    "password", ["Blue7Kettle", "Care4Lantern", "Council7Kettle", "Zoey7Lantern", "Home9Kettle"]
)
def test_a_password_that_holds_none(password: str) -> None:
    assert not holds_a_name(password, ABOUT)


@given(
    st.sampled_from(("okafor", "willow", "rutland")),
    st.text("1234567890-_ !.", max_size=6),
    st.integers(0, 5),
)
def test_a_name_is_found_however_it_is_written(name: str, around: str, at: int) -> None:
    typed = name[:at].upper() + "-" + name[at:]
    assert holds_a_name(f"{around}{typed}{around}", ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "Autumn2026",
        "aUtumn-26x!"[:10],
        "2026Winter!",
        "26-Winter-x",
        "Summ3r2024x",
        "W1nt3r!2025",
        "October2022a",
        "0ct0ber2022",
        "My-March-1999",
        "May2026-x",
        "Sept-2025!",
        "x 2025 Jan",
        "Fall2025zz",
    ],
)
def test_a_season_or_a_month_with_a_year_is_common(password: str) -> None:
    assert holds_a_season(password)
    assert is_common(password)


@pytest.mark.parametrize(
    "password", ["Blue7Kettle", "Marble2026x", "Maybe7Kettle", "Summery7x", "Octopus1999x", "A3dec12f9abc"]
)
def test_a_word_that_only_looks_like_one_is_none(password: str) -> None:
    assert not holds_a_season(password)


def test_ten_wrong_answers_close_and_wrong_passwords_never_do() -> None:
    count, wrong = Count(), Count()
    for number in range(MOST_WRONG_ANSWERS):
        assert not count.is_closed()
        later = NOON + number * DAY
        count, wrong = count.with_failure(later, is_answer=True), wrong.with_failure(later)
    assert count.is_closed()
    assert not wrong.is_closed()
    assert count.with_failure(NOON + 99 * DAY).is_closed()


@given(st.lists(st.booleans(), max_size=60))
def test_closed_is_so_many_wrong_answers_however_many_other_failures_lie_between(answers: list[bool]) -> None:
    count = Count()
    for number, is_answer in enumerate(answers):
        count = count.with_failure(NOON + number * 1_000 * DAY, is_answer=is_answer)
    assert count.is_closed() is (sum(answers) >= MOST_WRONG_ANSWERS)


@pytest.mark.parametrize(
    ("counts", "is_over"),
    [
        ({}, False),
        ({"network": 49, "all": 999, "answers": 99}, False),
        ({"network": 50}, True),
        ({"all": 1_000}, True),
        ({"answers": 100}, True),
    ],
)
def test_a_bound_is_reached_by_any_kind(counts: dict[str, int], is_over: bool) -> None:
    assert rules.is_over(counts) is is_over


def test_what_a_guesser_may_do_is_what_the_locks_let_them() -> None:
    """`tries_within` against the very count that sign-in keeps, tried each minute of a day."""
    count, tries = Count(), 0
    for minute in range(24 * 60):
        now = NOON + dt.timedelta(minutes=minute)
        while not count.is_locked(now):
            count, tries = count.with_failure(now), tries + 1
    assert tries == rules.tries_within(DAY) == 35


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox on Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605 Version/17.5 Safari/605",
            "Safari on Mac",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1",
            "Chrome on iPhone or iPad",
        ),
        ("<script>", "Another browser"),
        ("", "Another browser"),
    ],
)
def test_a_device_is_told_in_words(agent: str, device: str) -> None:
    assert rules.device_of(agent) == device


def test_what_docs_say_an_attacker_can_do_is_what_the_constants_give() -> None:
    text = " ".join(SECURITY.read_text().split())
    parameters = passwords.KEPT
    for sentence in (
        f"{rules.tries_within(DAY)} tries on the first day and {rules.tries_within(365 * DAY)} in a year",
        f"{rules.OF_NETWORK.most} of one network",
        f"{rules.OF_ALL.most:,} over all accounts",
        f"{rules.OF_ANSWERS.most} answers to the second step a day",
        f"{MOST_WRONG_ANSWERS} answers, once: {rules.chance_of_digits():.0%}",
        f"1 in {1 / rules.chance_of_app():,.0f}",
        f"{rules.OF_ANSWERS.most / rules.DIGIT_CHOICES:.0f} account a day",
        f"{rules.passwords_by_links(DAY)} passwords a day",
        f"{parameters.memory_cost:,} KiB, {parameters.time_cost} passes",
        f"{accounts_rules.IDLE_LIMIT // dt.timedelta(minutes=1)} minutes without use",
        f"{accounts_rules.SESSION_LIMIT // dt.timedelta(hours=1)} hours",
        f"{accounts_rules.FAILURES_BEFORE_LOCK} wrong ones end the session",
        f"{rules.LINK_GOOD // dt.timedelta(minutes=1)} minutes",
        f"{accounts_rules.LINK_LIMIT // dt.timedelta(hours=1)} hours",
    ):
        assert sentence in text, sentence
    assert re.search(r"## Who has what can do what", text)
