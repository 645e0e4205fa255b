"""Sessions: a row for each browser that is signed in. The cookie holds a random id, the row its hash.

Flask-Login would add little: it keeps the account's id in a signed cookie, which no log-out can end elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session as Transaction

from services.portal.accounts import rules, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.signed_in import SignedIn
from services.portal.evidence import sign_ins
from services.portal.schema.tables_accounts import Account, Session

SEEN_EVERY = dt.timedelta(seconds=30)
"""A row is written at most this often: a page of many parts is one visit."""


def open_session(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    counter: str,
    now: dt.datetime,
    device: str = "",
) -> str:
    """Its id, for the cookie. counter: of the browser, whose failures are counted apart; device: in words."""
    session_id = parts.random_id()
    transaction.add(
        Session(
            session_hash=store.hashed(session_id),
            account_id=account.account_id,
            counter=counter,
            created_at=now,
            seen_at=now,
            device=device,
        )
    )
    return session_id


def find(parts: Parts, session_id: str) -> tuple[SignedIn, Account] | None:
    """Who is signed in by this id; None when nobody is, was idle too long, or is disabled."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        found = store.session_and_account(transaction, session_id)
        if found is None:
            return None
        session, account = found
        is_over = rules.is_session_over(session.created_at, session.seen_at, now)
        if is_over or account.disabled_at is not None:
            store.end_session(transaction, session_id)
            return None
        if now - session.seen_at >= SEEN_EVERY:
            store.see_session(transaction, session_id, now)
        is_app_required = signing_in_store.is_app_required(transaction, account.role)
        return SignedIn(account.account_id, session_id, session.counter, is_app_required), account


def end(parts: Parts, session_id: str, account: Account) -> None:
    """Log out."""
    with parts.sessions.begin() as transaction:
        store.end_session(transaction, session_id)
        sign_ins.tell_out(transaction, account)


@dataclass(frozen=True)
class Listed:
    """A session as its holder sees it. ref: names it in a form, and lets nobody in."""

    ref: str
    device: str
    created_at: dt.datetime
    seen_at: dt.datetime
    is_here: bool


def list_of(parts: Parts, who: SignedIn) -> Sequence[Listed]:
    """The browsers in which the holder is signed in, the one seen last first."""
    here = store.hashed(who.session_id)
    with parts.sessions.begin() as transaction:
        return [
            Listed(
                session.session_hash.hex(),
                session.device,
                session.created_at,
                session.seen_at,
                session.session_hash == here,
            )
            for session in signing_in_store.sessions_of(transaction, who.account_id, parts.clock())
        ]


def end_others(parts: Parts, who: SignedIn, ref: str | None = None) -> int:
    """Sign the holder out in another browser, or in all others; how many those were."""
    try:
        only = None if ref is None else bytes.fromhex(ref)
    except ValueError:
        return 0
    with parts.sessions.begin() as transaction:
        return signing_in_store.end_other_sessions(transaction, who.account_id, who.session_id, only)


def end_elsewhere(transaction: Transaction, account: Account, who: SignedIn) -> None:
    """What lets the holder in was changed: all other sessions end, and whatever is half done."""
    signing_in_store.end_other_sessions(transaction, account.account_id, who.session_id)
    store.end_half_done(transaction, account)
