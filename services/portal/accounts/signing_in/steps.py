"""Signing in (RULES 14): the password, two digits of the code, for some the number of an authenticator app.

Whoever is wrong gets one and the same answer in the same time, whether the address, the password or a digit is
wrong, sign-in is locked, or a bound is reached. So every step does the same work for addresses that no account has: a
hash is computed, positions are asked, failures are counted (`counting.py`). The count's row stays locked while a try
is judged: of hundreds of guesses at once, five are judged. `links.py` has the other way in.

Who says that they have no code yet (first login, reset) is asked for none: whatever is wrong is answered after the
password, with and without an account (docs/decisions/0026-coming-back.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pyotp
from sqlalchemy.orm import Session as Transaction

from libs.common.process import logs
from services.portal.accounts import rules, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.rules import BY_LINK, STRANGERS, Positions
from services.portal.accounts.signing_in import known_browsers
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.counting import count_try
from services.portal.accounts.signing_in.sessions import open_session
from services.portal.accounts.signing_in.signed_in import UNKNOWN, Opened, Origin
from services.portal.accounts.vault import Sealed
from services.portal.evidence import sign_ins
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import Account, SignIn

_log = logs.log(__name__)
TOTP_SECONDS = 30


@dataclass(frozen=True)
class Asked:
    """The next question: two digits at these positions, or the app's number when None."""

    sign_in_id: str
    positions: Positions | None


Answer = Asked | Opened | None
"""None: wrong."""


def give_password(
    parts: Parts,
    email: str,
    password: str,
    cookie: str | None,
    *,
    origin: Origin = UNKNOWN,
    says_no_code: bool = False,
) -> Answer:
    """The first step. Whether the password is right shows only after the digits.

    cookie: what this browser kept from an earlier sign-in of this address. A holder who has no code yet (first
    login, reset) is let in at once, to set one; there the try is counted here.
    says_no_code: whoever tries says so, and is not asked for digits; nor is who gives what looks like an initial
    password. Neither says anything about the account: where it has a code, or there is none, they are wrong.
    """
    now, subject = parts.clock(), rules.subject_of(email)
    with parts.sessions.begin() as transaction:
        account = store.account_of(transaction, subject)
    fits = parts.passwords.is_right(account.password_hash if account else None, password)
    is_right = fits and account is not None and account.disabled_at is None
    has_code = account is not None and account.code is not None
    looks_first = rules.looks_given_out(password) and not (has_code and is_right)
    is_over_here = says_no_code or looks_first
    is_judged_here = is_over_here or (account is not None and not has_code)
    is_first_login = is_judged_here and is_right and not has_code
    with parts.sessions.begin() as transaction:
        counter = known_browsers.counter_of(transaction, subject, cookie, now)
        is_allowed = count_try(
            transaction,
            parts,
            account,
            subject,
            counter,
            origin,
            now,
            is_counted=is_judged_here,
            is_right=is_first_login if is_over_here else is_right,
        )
        if account is not None and is_first_login and is_allowed:
            return open_or_ask_app(transaction, parts, account, counter, origin, now)
        if is_over_here:
            sign_ins.tell_wrong(transaction, subject, account, "password", is_locked=not is_allowed)
            _log.info("sign_in_failed", account_id=str(account and account.account_id), step="password")
            return None
        return _ask_digits(transaction, parts, account, subject, counter, now, is_right=is_right)


def _ask_digits(
    transaction: Transaction,
    parts: Parts,
    account: Account | None,
    subject: str,
    counter: str,
    now: dt.datetime,
    *,
    is_right: bool,
) -> Asked:
    """is_right: the password; where there is no code yet, its try was counted."""
    positions = _positions(parts, account, subject, now)
    row = SignIn(
        subject=subject,
        account_id=account and account.account_id,
        counter=counter,
        is_password_right=is_right,
        is_counted=account is not None and account.code is None,
        is_digits_right=False,
        first_position=positions[0],
        second_position=positions[1],
        password_hash=account and account.password_hash,
    )
    return _ask(transaction, parts, row, now)


def asked(parts: Parts, sign_in_id: str) -> Asked | None:
    """What a sign-in under way asks; None when there is none, or it took too long."""
    with parts.sessions.begin() as transaction:
        found = store.sign_in(transaction, sign_in_id, parts.clock())
    if found is None:
        return None
    positions = None if found.is_digits_right else (found.first_position, found.second_position)
    return Asked(sign_in_id, positions)


def give_digits(
    parts: Parts, sign_in_id: str, digits: tuple[str, str], *, origin: Origin = UNKNOWN
) -> Answer:
    """The second step."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        row = store.take_sign_in(transaction, sign_in_id, now)
        if row is None or row.is_digits_right:
            return None
        account = _account_as_checked(transaction, row)
        code = _code(parts, account)
        fits = rules.are_digits_right(code, (row.first_position, row.second_position), digits)
        has_code = account is not None and account.code is not None
        is_answer = row.is_password_right and has_code
        is_right = fits and is_answer
        is_allowed = count_try(
            transaction,
            parts,
            account,
            row.subject,
            row.counter,
            origin,
            now,
            is_counted=not row.is_counted,
            is_right=is_right,
            is_answer=is_answer,
        )
        if account is None or not (is_right and is_allowed):
            step = "digits" if row.is_password_right else "password"
            sign_ins.tell_wrong(transaction, row.subject, account, step, is_locked=not is_allowed)
            _log.info("sign_in_failed", account_id=str(row.account_id), step="digits")
            return None
        return open_or_ask_app(transaction, parts, account, row.counter, origin, now)


def give_totp(parts: Parts, sign_in_id: str, number: str, *, origin: Origin = UNKNOWN) -> Answer:
    """The third step, for those who have an authenticator app."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        row = store.take_sign_in(transaction, sign_in_id, now)
        if row is None or not row.is_digits_right:
            return None
        account = _account_as_checked(transaction, row)
        step = (
            None
            if account is None
            else right_step(parts, account.account_id.hex, totp_of(account), number, now)
        )
        is_right = (
            step is not None
            and account is not None
            and signing_in_store.take_totp_step(transaction, account, step)
        )
        is_allowed = count_try(
            transaction,
            parts,
            account,
            row.subject,
            row.counter,
            origin,
            now,
            is_counted=True,
            is_right=is_right,
            is_answer=account is not None,
        )
        if account is None or not (is_right and is_allowed):
            sign_ins.tell_wrong(transaction, row.subject, account, "app", is_locked=not is_allowed)
            _log.info("sign_in_failed", account_id=str(row.account_id), step="app")
            return None
        return _open(transaction, parts, account, row.counter, origin, now, row.openid)


def totp_of(account: Account) -> Sealed | None:
    return None if account.totp is None else Sealed(account.totp, account.totp_key or 0)


def right_step(parts: Parts, of: str, key: Sealed | None, number: str, now: dt.datetime) -> int | None:
    """The time step whose number this is: the present one, or a neighbour, for clocks that differ; else None."""
    if key is None:
        return None
    app = pyotp.TOTP(parts.vault.open(key, f"totp|{of}"), interval=TOTP_SECONDS)
    present = int(now.timestamp()) // TOTP_SECONDS
    steps = [
        step
        for step in (present - 1, present, present + 1)
        if pyotp.utils.strings_equal(app.generate_otp(step), number)
    ]
    return steps[0] if steps else None


def _positions(parts: Parts, account: Account | None, subject: str, now: dt.datetime) -> Positions:
    pretended = rules.pretended_positions(parts.pretending_key(), subject, now)
    return pretended if account is None else (account.first_position, account.second_position)


def _code(parts: Parts, account: Account | None) -> str:
    """The holder's code; for nobody, after the same work, one that is not looked at."""
    if account is None or account.code is None:
        return parts.vault.open(parts.code_of_nobody, "code|nobody")
    return parts.vault.open(Sealed(account.code, account.code_key or 0), f"code|{account.account_id.hex}")


def _account_as_checked(transaction: Transaction, row: SignIn) -> Account | None:
    """The account, unless it was disabled, or its password changed, since that was checked."""
    found = store.account_of(transaction, row.subject)
    if found is None or found.disabled_at is not None or found.password_hash != row.password_hash:
        return None
    return found


def open_or_ask_app(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    counter: str,
    origin: Origin,
    now: dt.datetime,
    *,
    openid: str | None = None,
    is_app_asked: bool = True,
) -> Answer:
    """All but the app's number was right. openid: of who came by the council's OpenID provider, which may have asked for
    a second step: then ours is not asked."""
    if account.totp is None or not is_app_asked:
        return _open(transaction, parts, account, counter, origin, now, openid)
    row = SignIn(
        subject=account.subject,
        account_id=account.account_id,
        counter=counter,
        is_password_right=True,
        is_counted=False,
        is_digits_right=True,
        first_position=account.first_position,
        second_position=account.second_position,
        password_hash=account.password_hash,
        openid=openid,
    )
    return _ask(transaction, parts, row, now)


def _ask(transaction: Transaction, parts: Parts, row: SignIn, now: dt.datetime) -> Asked:
    sign_in_id = parts.random_id()
    row.sign_in_hash = store.hashed(sign_in_id)
    row.over_at = now + rules.SIGN_IN_LIMIT
    transaction.add(row)
    return Asked(sign_in_id, None if row.is_digits_right else (row.first_position, row.second_position))


def _open(
    transaction: Transaction,
    parts: Parts,
    seen: Account,
    counter: str,
    origin: Origin,
    now: dt.datetime,
    openid: str | None = None,
) -> Opened | None:
    """A session. The failures in a row are over, and other positions are asked the next time.

    None when the password was changed since it was checked, or the account disabled: that ended all under way.
    """
    checked = seen.password_hash
    account = store.account(transaction, seen.account_id, locked=True)
    if account is None or account.disabled_at is not None or account.password_hash != checked:
        return None
    if store.drop_what_is_over(transaction, now):
        signing_in_store.drop_what_is_over(transaction, now)
    is_new = counter in (STRANGERS, BY_LINK)
    store.forget_counts(transaction, account.subject, *((STRANGERS, BY_LINK) if is_new else (counter,)))
    account.first_position, account.second_position = rules.chosen_positions(parts.chance)
    account.signed_in_at = now
    if openid is not None and account.openid is None:
        account.openid = openid
        letters_words.tell_of_change(transaction, parts, account, "openid", now)
    mark, own = known_browsers.know(
        transaction, parts, account.subject, STRANGERS if is_new else counter, now
    )
    session_id = open_session(transaction, parts, account, own, now, origin.device)
    sign_ins.tell_right(transaction, account)
    if is_new:
        letters_words.tell_of_device(transaction, parts, account, origin.device, now)
    _log.info("signed_in", account_id=str(account.account_id))
    return Opened(account.account_id, session_id, account.subject, mark)
