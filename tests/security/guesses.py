"""What strangers guess: passwords, digits, links, tokens, sessions. No guess is right here; then the right one is tried."""

from __future__ import annotations

import contextlib
import random

from services.portal.accounts.helpdesk import resets
from tests.journeys.api_council import DIAMOND
from tests.security.promises import Outcome, Site, promise
from tests.support.portal.accounts import CODE, PASSWORD, Browser, path_of

DIGITS = 12
"""Guesses of the second step: more than the rules allow (RULES 14)."""


def _stranger(site: Site) -> Browser:
    return Browser(site.council.app.test_client())


@promise("Guessed passwords let nobody in, and all are answered alike", 20)
def guessed_passwords(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, answers = Outcome(), set()
    email = site.council.account("home_manager", DIAMOND).email
    for number in range(20 * times):
        password = chance.choice(
            (PASSWORD.lower(), PASSWORD + " ", PASSWORD[:-1], "", "' OR '1'='1", "x" * 5000, f"Guess{number}")
        )
        stranger = _stranger(site)
        known = chance.random() < 0.5
        asked = stranger.gives_password(email if known else f"nobody-{number}@example.org", password or "x")
        answer = (
            stranger.gives_digits("".join(chance.choices("0123456789", k=6)))
            if path_of(asked) == "/login/digits"
            else asked
        )
        outcome.expect(
            answer.status_code in (400, 403, 429) and not stranger.is_in(),
            f"{password[:30]!r}: {answer.status_code}",
        )
        answers.add((asked.status_code, path_of(asked)) if len(password) in range(1, 100) else None)
    outcome.expect(len(answers - {None}) <= 1, f"answers tell known from unknown: {answers}")
    return outcome


@promise("After a dozen wrong digits the right ones let no stranger in either", 12)
def guessed_digits(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome = Outcome()
    for _ in range(times):
        email = site.council.account("home_manager", DIAMOND).email
        for _ in range(DIGITS):
            stranger = _stranger(site)
            stranger.gives_password(email)
            wrong = "".join(str((int(digit) + chance.randint(1, 9)) % 10) for digit in CODE)
            try:
                answer = stranger.gives_digits(wrong)
            except AssertionError:  # nobody is asked for digits any more
                continue
            outcome.expect(not stranger.is_in(), f"wrong digits: {answer.status_code}")
        last = _stranger(site)
        last.gives_password(email)
        with contextlib.suppress(AssertionError):
            last.gives_digits(CODE)
        outcome.expect(not last.is_in(), "the right digits after a dozen wrong ones")
        outcome.tries += DIGITS
    return outcome


@promise("Guessed and changed tokens, sessions and links open nothing", 100)
def guessed_keys(site: Site, chance: random.Random, times: int) -> Outcome:
    outcome, council = Outcome(), site.council
    token = council.api(DIAMOND).token
    holder = council.account("home_manager", DIAMOND)
    link = resets.make_link(council.parts, holder.account_id, "tests").rpartition("/")[2]
    client = council.browser("home_manager", DIAMOND).client
    cookie = client.get_cookie("__Host-caretally_session")
    assert cookie is not None
    for _ in range(40 * times):
        answer = council.with_token(_changed(chance, token)).get("/visits")
        outcome.expect(answer.status_code == 401, f"a token: {answer.status_code}")
        stranger = council.app.test_client()
        stranger.set_cookie("__Host-caretally_session", _changed(chance, cookie.value))
        outcome.expect(path_of(stranger.get("/account")) == "/login", "a session")
        page = council.app.test_client().get(f"/reset/{_changed(chance, link)}")
        outcome.expect(
            "password" not in page.text.lower().partition("<form")[2] or page.status_code >= 400,
            f"a link: {page.status_code}",
        )
    outcome.expect(council.api(DIAMOND).get("/visits").status_code == 200, "the true token")
    return outcome


def _changed(chance: random.Random, key: str) -> str:
    """Another key that looks like it, or nearly."""
    place = chance.randrange(len(key) // 2, len(key))
    other = chance.choice([letter for letter in "0123456789abcdef" if letter != key[place]])
    kind = chance.randrange(5)
    if kind == 0:
        return key[:place] + other + key[place + 1 :]
    if kind == 1:
        return key[:-1]
    if kind == 2:
        return key + other
    return key[: len(key) // 2] + "".join(chance.choices("0123456789abcdef", k=len(key) - len(key) // 2))
