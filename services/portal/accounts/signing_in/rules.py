"""The bounds of signing in besides the locks of one address, and what they let a guesser do, pure (RULES 14)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, NamedTuple

from services.portal.accounts.rules import (
    CODE_LENGTH,
    FAILURES_BEFORE_LOCK,
    MOST_WRONG_ANSWERS,
    lock_length,
)

BOUND_BY: Final = dt.timedelta(hours=24)
"""Wrong tries are counted by the hour, and those of so long together."""


class Bound(NamedTuple):
    """How many wrong tries of a kind may be made in BOUND_BY, by browsers in which the holder never signed in."""

    kind: str
    most: int


OF_NETWORK: Final = Bound("network", 50)
"""Of one network address; of IPv6, of its /64."""
OF_ALL: Final = Bound("all", 1_000)
"""Over all accounts, and addresses that have none."""
OF_ANSWERS: Final = Bound("answers", 100)
"""Over all accounts: wrong answers to the second step, after the right password."""
BOUNDS: Final = (OF_NETWORK, OF_ALL, OF_ANSWERS)

LINK_GOOD: Final = dt.timedelta(minutes=30)
"""How long a sign-in link can be used."""
MOST_OPEN_LINKS: Final = 3
"""Of one account: whoever asks once more has the letters of the last half hour, in any browser."""
MOST_PASSWORDS_OF_A_LINK: Final = 5
"""Passwords tried with one link; then it is over."""

DIGIT_CHOICES: Final = 10**2
APP_NUMBERS: Final = 10**CODE_LENGTH
APP_STEPS_TAKEN: Final = 3
"""The number of now, of the step before and of the one after."""


def is_over(counts: Mapping[str, int]) -> bool:
    """Whether so many wrong tries, by kind, fill one of the bounds."""
    return any(counts.get(bound.kind, 0) >= bound.most for bound in BOUNDS)


def tries_within(span: dt.timedelta) -> int:
    """How many tries the locks of one counter let a guesser make in a span that begins without failures."""
    tries, locks, waited = 0, 0, dt.timedelta()
    while waited < span:
        tries, waited, locks = tries + FAILURES_BEFORE_LOCK, waited + lock_length(locks), locks + 1
    return tries


def passwords_by_links(span: dt.timedelta) -> int:
    """How many passwords who reads the holder's e-mail can try in a span."""
    return span // LINK_GOOD * MOST_OPEN_LINKS * MOST_PASSWORDS_OF_A_LINK


def chance_of_digits(answers: int = MOST_WRONG_ANSWERS) -> float:
    """Of guessing two digits in so many answers at the same positions; no answer is given twice."""
    return min(answers, DIGIT_CHOICES) / DIGIT_CHOICES


def chance_of_app(answers: int = MOST_WRONG_ANSWERS) -> float:
    """At most, of guessing two digits and then the number of an app, in so many answers together.

    Each answer may be the one with the right digits; those not spent by then are left for the number.
    """
    return sum(1 / DIGIT_CHOICES * chance_of_number(answers - spent) for spent in range(answers))


def chance_of_number(answers: int) -> float:
    """Of guessing an app's number in so many answers."""
    return answers * APP_STEPS_TAKEN / APP_NUMBERS


_BROWSERS: Final = (
    ("Edge", r"\bEdg"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(?:Firefox|FxiOS)/"),
    ("Chrome", r"\b(?:Chrome|CriOS|Chromium)/"),
    ("Safari", r"\bSafari/"),
)
_SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone or iPad", "iPhone|iPad"),
    ("Windows", "Windows"),
    ("Mac", "Mac OS X|Macintosh"),
    ("Linux", "Linux|X11"),
)


def device_of(user_agent: str) -> str:
    """What a browser says it is, in words its holder knows: Firefox on Windows. Nothing that it sent is kept as it is."""
    browser = next((name for name, sign in _BROWSERS if re.search(sign, user_agent)), "Another browser")
    system = next((name for name, sign in _SYSTEMS if re.search(sign, user_agent)), None)
    return f"{browser} on {system}" if system else browser
