"""Every query of the portal's own tables."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session as Transaction

from services.portal.accounts import rules
from services.portal.accounts.rules import Count
from services.portal.schema.tables_accounts import (
    Account,
    Attempts,
    Link,
    ResetRequest,
    Session,
    SignIn,
    SignInLink,
    Token,
)
from services.portal.schema.tables_letters import Letter
from services.portal.schema.tables_people import Contact
from services.portal.schema.tables_requests import UnsentForm

MOST_OPEN_REQUESTS = 1_000
MOST_OPEN_REQUESTS_OF_ONE = 3
_CLEANING = 4_205_317_014  # any number that no other advisory lock of this database has
ATTEMPTS_KEPT = dt.timedelta(days=90)
"""Failures older than these are no longer in a row."""
REQUESTS_KEPT = dt.timedelta(days=90)
"""They hold names and telephone numbers, of people who may have no account at all."""


def hashed(secret: str) -> bytes:
    """How random ids and secrets are kept. They hold 256 bits, so one pass is enough."""
    return hashlib.sha256(secret.encode()).digest()


def account_of(transaction: Transaction, subject: str) -> Account | None:
    return transaction.scalar(select(Account).where(Account.subject == subject))


def account(transaction: Transaction, account_id: uuid.UUID, *, locked: bool = False) -> Account | None:
    """The account; `locked`: nobody else changes it before the end of the transaction."""
    query = select(Account).where(Account.account_id == account_id).execution_options(populate_existing=True)
    return transaction.scalar(query.with_for_update() if locked else query)


def all_accounts(transaction: Transaction) -> Sequence[Account]:
    """Every account, by its e-mail address."""
    return transaction.scalars(select(Account).order_by(Account.email)).all()


def accounts_by_id(transaction: Transaction, account_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Account]:
    """These accounts, as far as there are such."""
    found = transaction.scalars(select(Account).where(Account.account_id.in_(account_ids)))
    return {account.account_id: account for account in found}


def names_of(transaction: Transaction, account_id: uuid.UUID) -> list[str]:
    """What the holder is called, as far as the account or their contact says it."""
    details = transaction.scalar(select(Contact.details).where(Contact.account_id == account_id)) or {}
    own = transaction.scalar(select(Account.name).where(Account.account_id == account_id)) or ""
    return [*own.split(), *(str(details[field]) for field in ("forename", "surname") if details.get(field))]


def organisation_names(
    transaction: Transaction, organisation_ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, str]:
    """The names of organisations that have accounts or tokens."""
    found: dict[uuid.UUID, str] = {}
    for kind in (Token, Account):
        rows = transaction.execute(
            select(kind.organisation_id, kind.organisation)
            .where(kind.organisation_id.in_(organisation_ids))
            .distinct()
        )
        found |= {one: name for one, name in rows if one is not None and name is not None}
    return found


def locked_count(transaction: Transaction, subject: str, counter: str, now: dt.datetime) -> Count:
    """The count, its row locked until the end of the transaction: of many tries at once each waits its turn."""
    row = {"subject": subject, "counter": counter, "failures": 0, "locks": 0, "failed_at": now}
    transaction.execute(insert(Attempts).values(row).on_conflict_do_nothing())
    where = (Attempts.subject == subject, Attempts.counter == counter)
    query = select(Attempts.failures, Attempts.locks, Attempts.locked_until, Attempts.wrong_answers)
    return Count(*transaction.execute(query.where(*where).with_for_update()).one())


def keep_count(transaction: Transaction, subject: str, counter: str, count: Count, now: dt.datetime) -> None:
    transaction.execute(
        update(Attempts)
        .where(Attempts.subject == subject, Attempts.counter == counter)
        .values(**vars(count), failed_at=now)
    )


def forget_counts(transaction: Transaction, subject: str, *counters: str) -> None:
    """The next failure is the first: of these counters, of all when none is named."""
    doomed = delete(Attempts).where(Attempts.subject == subject)
    transaction.execute(doomed.where(Attempts.counter.in_(counters)) if counters else doomed)


def last_lock(transaction: Transaction, subject: str, now: dt.datetime) -> dt.datetime | None:
    """Until when any counter of this address is locked; None when none is."""
    query = select(func.max(Attempts.locked_until)).where(
        Attempts.subject == subject, Attempts.locked_until > now
    )
    return transaction.scalar(query)


def locked_accounts(transaction: Transaction, now: dt.datetime) -> list[tuple[Account, dt.datetime]]:
    """Accounts with a locked counter, and until when; at most a hundred, the last locked first."""
    until = func.max(Attempts.locked_until)
    query = (
        select(Account, until)
        .join(Attempts, Attempts.subject == Account.subject)
        .where(Attempts.locked_until > now)
        .group_by(Account.account_id)
        .order_by(until.desc())
        .limit(100)
    )
    return [(found, moment) for found, moment in transaction.execute(query) if moment is not None]


def take_sign_in(transaction: Transaction, sign_in_id: str, now: dt.datetime) -> SignIn | None:
    """The sign-in under way, which is over now: it can't be answered twice. None when there is none."""
    taken = (
        delete(SignIn)
        .where(SignIn.sign_in_hash == hashed(sign_in_id), SignIn.over_at > now)
        .returning(SignIn)
    )
    return transaction.scalar(taken)


def sign_in(transaction: Transaction, sign_in_id: str, now: dt.datetime) -> SignIn | None:
    """The sign-in under way, to show what it asks."""
    return transaction.scalar(
        select(SignIn).where(SignIn.sign_in_hash == hashed(sign_in_id), SignIn.over_at > now)
    )


def session_and_account(transaction: Transaction, session_id: str) -> tuple[Session, Account] | None:
    query = (
        select(Session, Account)
        .join(Account, Account.account_id == Session.account_id)
        .where(Session.session_hash == hashed(session_id))
    )
    found = transaction.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def end_session(transaction: Transaction, session_id: str) -> None:
    transaction.execute(delete(Session).where(Session.session_hash == hashed(session_id)))


def see_session(transaction: Transaction, session_id: str, now: dt.datetime) -> None:
    transaction.execute(update(Session).where(Session.session_hash == hashed(session_id)).values(seen_at=now))


def end_sessions_of(transaction: Transaction, account: Account) -> None:
    """Sessions, sign-ins that are half done, and the links to such."""
    transaction.execute(delete(Session).where(Session.account_id == account.account_id))
    end_half_done(transaction, account)


def end_half_done(transaction: Transaction, account: Account) -> None:
    """Sign-ins that are half done, and the links to such."""
    transaction.execute(delete(SignInLink).where(SignInLink.account_id == account.account_id))
    transaction.execute(delete(SignIn).where(SignIn.account_id == account.account_id))


def drop_what_is_over(transaction: Transaction, now: dt.datetime) -> bool:
    """Sessions, sign-ins, links, failures and requests that no longer count. Called now and then.
    One transaction at a time, which is told so: two could wait for each other's rows."""
    if not transaction.scalar(select(func.pg_try_advisory_xact_lock(_CLEANING))):
        return False
    old_session = or_(
        Session.seen_at < now - rules.IDLE_LIMIT, Session.created_at < now - rules.SESSION_LIMIT
    )
    transaction.execute(delete(Session).where(old_session))
    transaction.execute(delete(SignIn).where(SignIn.over_at < now))
    transaction.execute(delete(Link).where(Link.over_at < now - rules.LINK_LIMIT))
    transaction.execute(delete(UnsentForm).where(UnsentForm.over_at < now))
    transaction.execute(delete(ResetRequest).where(ResetRequest.asked_at < now - REQUESTS_KEPT))
    # wrong answers count until the next right one: who waits has no more of them
    old = and_(Attempts.failed_at < now - ATTEMPTS_KEPT, Attempts.wrong_answers == 0)
    transaction.execute(
        delete(Attempts).where(old, or_(Attempts.locked_until.is_(None), Attempts.locked_until < now))
    )
    return True


def use_link(transaction: Transaction, secret: str, now: dt.datetime) -> Account | None:
    """The account whose link this is, which is used now; None when it was used before, or is over, or never was."""
    used = (
        update(Link)
        .where(Link.link_hash == hashed(secret), Link.used_at.is_(None), Link.over_at > now)
        .values(used_at=now)
        .returning(Link.account_id)
    )
    account_id = transaction.scalar(used)
    return None if account_id is None else account(transaction, account_id, locked=True)


def account_of_link(transaction: Transaction, secret: str, now: dt.datetime) -> Account | None:
    """The account of a link that can be used."""
    query = (
        select(Account)
        .join(Link, Link.account_id == Account.account_id)
        .where(Link.link_hash == hashed(secret), Link.used_at.is_(None), Link.over_at > now)
    )
    return transaction.scalar(query)


def forget_links(transaction: Transaction, account: Account) -> None:
    transaction.execute(delete(Link).where(Link.account_id == account.account_id, Link.used_at.is_(None)))


def may_ask_for_reset(transaction: Transaction, subject: str, asked_from: bytes, now: dt.datetime) -> bool:
    """Whether there is room for another open request: of this address, of this network lately, and in all."""
    asked = select(func.count()).select_from(ResetRequest).where(ResetRequest.asked_from == asked_from)
    lately = transaction.scalar(asked.where(ResetRequest.asked_at > now - rules.NETWORK_LIMIT)) or 0
    if lately >= rules.MOST_REQUESTS_OF_ONE_NETWORK:
        return False
    still_open = select(func.count()).select_from(ResetRequest).where(ResetRequest.answered_at.is_(None))
    of_one = transaction.scalar(still_open.where(ResetRequest.subject == subject)) or 0
    return of_one < MOST_OPEN_REQUESTS_OF_ONE and (transaction.scalar(still_open) or 0) < MOST_OPEN_REQUESTS


def open_requests(transaction: Transaction) -> Sequence[tuple[ResetRequest, Account | None]]:
    """The oldest hundred requests that nobody has answered, with the account they may mean."""
    query = (
        select(ResetRequest, Account)
        .outerjoin(Account, Account.subject == ResetRequest.subject)
        .where(ResetRequest.answered_at.is_(None))
        .order_by(ResetRequest.asked_at)
        .limit(100)
    )
    return [(request, found) for request, found in transaction.execute(query)]


def count_open_requests(transaction: Transaction) -> int:
    """How many requests nobody has answered; there are never more than MOST_OPEN_REQUESTS."""
    query = select(func.count()).select_from(ResetRequest).where(ResetRequest.answered_at.is_(None))
    return transaction.scalar(query) or 0


def answer_requests(transaction: Transaction, who: str, now: dt.datetime, **of: object) -> None:
    """Close open requests: those of a `subject`, or the one with a `request_id`."""
    closed = update(ResetRequest).where(ResetRequest.answered_at.is_(None)).filter_by(**of)
    transaction.execute(closed.values(answered_at=now, answered_by=who))


def sealed_by_older_keys(transaction: Transaction, newest: int) -> Sequence[Account]:
    """Accounts with something that the newest key does not open, locked."""
    query = (
        select(Account).where(or_(Account.code_key != newest, Account.totp_key != newest)).with_for_update()
    )
    return transaction.scalars(query).all()


def keys_in_use(transaction: Transaction) -> set[int]:
    """The numbers of the keys by which codes, apps, letters and forms are sealed."""
    columns = (Account.code_key, Account.totp_key, Session.totp_key, Letter.text_key, UnsentForm.content_key)
    found = (transaction.scalars(select(column).distinct()) for column in columns)
    return {key for keys in found for key in keys if key is not None}
