"""Resets: asked for on the sign-in page, done by the helpdesk with a one-time link, never with a password in an e-mail."""

from __future__ import annotations

import hmac
import uuid

from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.process import logs
from services.portal.accounts import rules, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.steps import accepted_hash, locked_account
from services.portal.audit.by_holders import keep_done
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import Account, Link, ResetRequest

_log = logs.log(__name__)


def ask_for_reset(
    parts: Parts, name: str, organisation: str, email: str, telephone: str, *, address: str
) -> None:
    """Keep what somebody asks the helpdesk. Nothing tells whether there is such an account, or room.

    address: the network address that it comes from. Requests are counted by it, by a keyed hash.
    """
    now, subject = parts.clock(), rules.subject_of(email)
    asked_from = hmac.digest(
        parts.signing_keys()[0].encode(), f"network|{rules.network_of(address)}".encode(), "sha256"
    )
    with parts.sessions.begin() as transaction:
        if store.may_ask_for_reset(transaction, subject, asked_from, now):
            transaction.add(
                ResetRequest(
                    request_id=uuid.uuid4(),
                    subject=subject,
                    name=name,
                    organisation=organisation,
                    email=email,
                    telephone=telephone,
                    asked_from=asked_from,
                    asked_at=now,
                )
            )


def make_link(parts: Parts, account_id: uuid.UUID, made_by: str, *, without_app: bool = False) -> str:
    """A one-time link's URL; it also goes to the registered address. Earlier links end.

    without_app: the authenticator app is removed (a lost telephone). Password and code stay until the link is used.
    """
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        account = locked_account(transaction, account_id)
        if account.disabled_at is not None:
            raise Refused("account_disabled", "This account is disabled: enable it first.")
        store.answer_requests(transaction, made_by, now, subject=account.subject)
        if without_app and account.totp is not None:
            account.totp = account.totp_key = None
            store.end_sessions_of(transaction, account)
            letters_words.tell_of_change(transaction, parts, account, "totp_removed", now)
        url = new_link(transaction, parts, account, made_by)
    _log.info("reset_link_made", account_id=str(account_id), made_by=made_by)
    return url


def new_link(
    transaction: Transaction, parts: Parts, account: Account, made_by: str, *, is_welcome: bool = False
) -> str:
    """A one-time link's URL, also sent to its holder, when the transaction commits. Earlier links end.

    is_welcome: the holder never signed in.
    """
    now = parts.clock()
    secret = parts.random_id()
    url = f"{parts.public_url}/reset/{secret}"
    store.forget_links(transaction, account)
    over_at = now + rules.LINK_LIMIT
    made = Link(
        link_hash=store.hashed(secret), account_id=account.account_id, made_by=made_by, over_at=over_at
    )
    transaction.add(made)
    write = letters_words.welcome if is_welcome else letters_words.send_link
    write(transaction, parts, account, url, over_at, now)
    return url


def is_link_good(parts: Parts, secret: str) -> bool:
    with parts.sessions.begin() as transaction:
        return store.account_of_link(transaction, secret, parts.clock()) is not None


def use_link(parts: Parts, secret: str, new: str) -> None:
    """A new password; the code is set anew at the next sign-in. The account is unlocked, its sessions end.

    `link_over` when it can't be used. A password that is not accepted leaves the link as it was.
    """
    now = parts.clock()
    over = Refused("link_over", "This link was used, or is too old. Ask for another one on the sign-in page.")
    with parts.sessions.begin() as transaction:
        seen = store.account_of_link(transaction, secret, now)
    if seen is None:
        raise over
    new_hash = accepted_hash(parts, seen, new)
    with parts.sessions.begin() as transaction:
        account = store.use_link(transaction, secret, now)
        if account is None:
            raise over
        account.password_hash, account.must_change_password = new_hash, False
        account.code = account.code_key = None
        store.end_sessions_of(transaction, account)
        store.forget_counts(transaction, account.subject)
        letters_words.tell_of_change(transaction, parts, account, "password", now)
        keep_done(transaction, account, "login.reset", now)


def unlock(parts: Parts, account_id: uuid.UUID, made_by: str) -> None:
    """All counters of the account begin anew."""
    with parts.sessions.begin() as transaction:
        store.forget_counts(transaction, locked_account(transaction, account_id).subject)
    _log.info("unlocked", account_id=str(account_id), made_by=made_by)


def dismiss(parts: Parts, request_id: uuid.UUID, who: str) -> None:
    """Close a request without a link."""
    with parts.sessions.begin() as transaction:
        store.answer_requests(transaction, who, parts.clock(), request_id=request_id)
