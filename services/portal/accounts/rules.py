"""The rules of accounts (RULES 14), pure: values in, values out; time and chance are arguments."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import random
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from libs.common.rights.table import COUNCIL_ROLES

APP_ROLES: Final = COUNCIL_ROLES
"""Whose authenticator app is required unless the council's data say otherwise for a role."""

SHORTEST_PASSWORD: Final = 9
LONGEST_PASSWORD: Final = 128
"""Not in RULES: what is hashed must be bounded."""
INITIAL_GROUPS: Final = 4
INITIAL_GROUP_LENGTH: Final = 5
"""An initial password is four groups of five letters and digits, with hyphens between them."""
LONGEST_EMAIL: Final = 254
CODE_LENGTH: Final = 6

FAILURES_BEFORE_LOCK: Final = 5
MOST_WRONG_ANSWERS: Final = 10
"""To the second step, since the last right one, with the right password: then a link by e-mail opens it alone."""
FIRST_LOCK: Final = dt.timedelta(minutes=15)
MOST_DOUBLINGS: Final = 16
"""So that a date can't overflow: the seventeenth lock in a row lasts nearly two years."""

IDLE_LIMIT: Final = dt.timedelta(minutes=30)
SESSION_LIMIT: Final = dt.timedelta(hours=12)
SIGN_IN_LIMIT: Final = dt.timedelta(minutes=10)
"""from the password to the digits"""
LINK_LIMIT: Final = dt.timedelta(hours=24)

MOST_REQUESTS_OF_ONE_NETWORK: Final = 10
"""Requests for a reset within NETWORK_LIMIT: an office shares an address, and forgets passwords now and then."""
NETWORK_LIMIT: Final = dt.timedelta(hours=1)
_IPV6_NETWORK_BITS: Final = 64
"""What one subscriber has at least: to count single addresses of it would count nothing."""

Positions = tuple[int, int]
"""Two different positions of the code, 1 to 6, the lower one first."""
PAIRS: Final[tuple[Positions, ...]] = tuple(
    (first, second) for first in range(1, CODE_LENGTH) for second in range(first + 1, CODE_LENGTH + 1)
)


def folded_email(email: str) -> str:
    """The form in which e-mail addresses compare: nobody is two people by capitals."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def subject_of(email: str) -> str:
    """What failures are counted under: a hash, so that what strangers typed is not kept."""
    return hashlib.sha256(folded_email(email).encode()).hexdigest()


def network_of(address: str) -> str:
    """What requests are counted by: an IPv4 address, or the network of an IPv6 address; as given when it is neither."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _IPV6_NETWORK_BITS), strict=False))


def password_faults(password: str, is_common: Callable[[str], bool]) -> list[str]:
    """What is wrong with a new password: sentences for its holder; empty when it may be used.

    is_common: whether it is among the breached and common ones; asked when the rest is right.
    """
    if len(password) > LONGEST_PASSWORD:
        return [f"Password must be {LONGEST_PASSWORD} characters or fewer"]
    tests = (
        (len(password) >= SHORTEST_PASSWORD, f"Password must be {SHORTEST_PASSWORD} characters or more"),
        (any(c.isupper() for c in password), "Password must have an upper case letter"),
        (any(c.islower() for c in password), "Password must have a lower case letter"),
        (any(c.isdigit() for c in password), "Password must have a digit"),
    )
    faults = [sentence for passed, sentence in tests if not passed]
    if not faults and looks_given_out(password):
        faults.append("Password must not look like one that is given out, in groups with hyphens")
    if not faults and is_common(password):
        faults.append("Password must not be one that is common or was found in a breach: choose a longer one")
    return faults


def looks_given_out(password: str) -> bool:
    """Whether it has the shape of an initial password, give or take a slip of who types it.

    Nobody can choose such a one, so it belongs to a first login at most, whatever account is tried.
    """
    groups = [group for group in re.split(r"[-\s]", password) if group]
    lengths = [len(group) for group in groups]
    return (
        len(groups) >= INITIAL_GROUPS - 1
        and all(map(str.isalnum, groups))
        and all(length % INITIAL_GROUP_LENGTH in (0, 1, INITIAL_GROUP_LENGTH - 1) for length in lengths)
        and abs(sum(lengths) - INITIAL_GROUPS * INITIAL_GROUP_LENGTH) <= 1
    )


def code_fault(code: str) -> str | None:
    """What is wrong with a new security code; None when it may be used."""
    if len(code) != CODE_LENGTH or not (code.isascii() and code.isdigit()):
        return "Security code must be six digits"
    if _is_repeat(code):
        return "Security code must not repeat itself, like 111111 or 121212"
    if _is_sequence(code):
        return "Security code must not be a sequence, like 123456"
    if _is_date(code):
        return "Security code must not be a date, like 010190"
    return None


def _is_repeat(code: str) -> bool:
    return any(code == code[:size] * (CODE_LENGTH // size) for size in (1, 2, 3))


def _is_sequence(code: str) -> bool:
    """One digit after the other, up or down; 9 and 0 are neighbours, as on a keypad."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(code)}
    return steps in ({1}, {9})


def _is_date(code: str) -> bool:
    """Day, month and two digits of a year, in the British, the American or the ISO order."""
    a, b, c = int(code[:2]), int(code[2:4]), int(code[4:])
    return any(_is_day(*parts) for parts in ((a, b, c), (b, a, c), (c, b, a)))


def _is_day(day: int, month: int, year: int) -> bool:
    # 2000 and 1900 differ in one day only: 29 February
    return _exists(2000 + year, month, day)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        dt.date(year, month, day)
    except ValueError:
        return False
    return True


def chosen_positions(chance: random.Random) -> Positions:
    """Two positions of the code, any pair as likely as another."""
    return chance.choice(PAIRS)


def are_digits_right(code: str, positions: Positions, digits: tuple[str, str]) -> bool:
    """Whether these are the code's digits at the positions; takes as long when they are not."""
    wanted = code[positions[0] - 1] + code[positions[1] - 1]
    return hmac.compare_digest(wanted.encode(), "".join(digits).encode())


def pretended_positions(secret: bytes, subject: str, now: dt.datetime) -> Positions:
    """The positions asked of an address that no account has.

    They stay for a while and then change, as those of a holder do who signs in now and then: positions that never
    change, or change every time, would tell that there is no account. How often, and at which time of the day,
    belongs to the address.
    """
    habit = _drawn(secret, f"habit|{subject}")
    every_days = (1, 1, 2, 3, 7, 30)[habit % 6]
    moment = dt.timedelta(days=habit // 6 % every_days, hours=7, seconds=habit // 180 % (11 * 3600))
    signed_in = (now - moment - dt.datetime(2020, 1, 1, tzinfo=dt.UTC)).days // every_days
    return PAIRS[_drawn(secret, f"positions|{subject}|{signed_in}") % len(PAIRS)]


def _drawn(secret: bytes, about: str) -> int:
    return int.from_bytes(hmac.digest(secret, about.encode(), "sha256"))


STRANGERS = ""
"""The counter of all browsers in which the holder has not signed in yet."""
BY_LINK = "by link"
"""The counter of what follows a sign-in link: who gets there has read the holder's e-mail."""
SIGNED_IN = "signed in"
"""The counter of answers given after sign-in: the present password, the present code."""


@dataclass(frozen=True)
class Count:
    """Failures in a row, how many locks in a row they led to, and until when the last one holds.

    wrong_answers: to the second step, of who gave the right password, since the last right one.
    """

    failures: int = 0
    locks: int = 0
    locked_until: dt.datetime | None = None
    wrong_answers: int = 0

    def is_locked(self, now: dt.datetime) -> bool:
        return self.locked_until is not None and now < self.locked_until

    def is_closed(self) -> bool:
        """Whether only a link opens the second step."""
        return self.wrong_answers >= MOST_WRONG_ANSWERS

    def with_failure(self, now: dt.datetime, *, is_answer: bool = False) -> Count:
        """One failure more; the fifth in a row locks. Not to be called while locked.

        is_answer: to the second step, after the right password.
        """
        failures = (0 if self.failures >= FAILURES_BEFORE_LOCK else self.failures) + 1
        wrong_answers = self.wrong_answers + is_answer
        if failures < FAILURES_BEFORE_LOCK:
            return replace(self, failures=failures, locked_until=None, wrong_answers=wrong_answers)
        return Count(failures, self.locks + 1, now + lock_length(self.locks), wrong_answers)


def lock_length(locks: int) -> dt.timedelta:
    """How long the next lock lasts after so many in a row: 15 minutes, doubling each time."""
    return FIRST_LOCK * 2 ** min(locks, MOST_DOUBLINGS)


def next_duty(
    must_change_password: bool, has_code: bool, has_totp: bool, *, is_app_required: bool
) -> str | None:
    """What a holder must do before anything else: `password`, `code`, `totp`, or None."""
    if must_change_password:
        return "password"
    if not has_code:
        return "code"
    if is_app_required and not has_totp:
        return "totp"
    return None


def is_session_over(created_at: dt.datetime, seen_at: dt.datetime, now: dt.datetime) -> bool:
    """After 30 idle minutes, and after 12 hours in any case."""
    return now - seen_at >= IDLE_LIMIT or now - created_at >= SESSION_LIMIT
