"""Sign-in links (RULES 14): the way in for a holder on a new device, whatever strangers do to sign-in elsewhere.

A link is asked for by e-mail address alone, and sent to the holder. It opens a page that asks for the password, in any
browser: link and password together stand for password and two digits. Who has an authenticator app is asked for its
number too. No lock and no bound of tries elsewhere counts here: each link takes five wrong passwords, and a few links
of one account are open at a time. Whoever asks once more has the letters of before, also those that strangers asked for.
"""

from __future__ import annotations

import uuid

from libs.common.process import logs
from services.portal.accounts import rules, store
from services.portal.accounts.environment import Parts
from services.portal.accounts.rules import BY_LINK
from services.portal.accounts.signing_in import store as signing_in_store
from services.portal.accounts.signing_in.rules import LINK_GOOD, MOST_OPEN_LINKS
from services.portal.accounts.signing_in.signed_in import Origin
from services.portal.accounts.signing_in.steps import Answer, open_or_ask_app
from services.portal.audit.by_holders import keep_done
from services.portal.evidence import sign_ins
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import SignInLink

_log = logs.log(__name__)
NOBODY = uuid.UUID(int=0)


def ask(parts: Parts, email: str) -> None:
    """Have a link sent to the holder. Nothing tells whether there is one, or room for another link.

    Where there is none, the same rows are written and taken back.
    """
    now, secret = parts.clock(), parts.random_id()
    with parts.sessions.begin() as transaction:
        account = store.account_of(transaction, rules.subject_of(email))
        account_id = account.account_id if account else NOBODY
        is_room = signing_in_store.count_links(transaction, account_id, now) < MOST_OPEN_LINKS
        is_sent = account is not None and account.disabled_at is None and is_room
        attempt = transaction.begin_nested()
        made = SignInLink(link_hash=store.hashed(secret), account_id=account_id, over_at=now + LINK_GOOD)
        transaction.add(made)
        url = f"{parts.public_url}/login/link/{secret}"
        letters_words.send_sign_in_link(transaction, parts, account, url, made.over_at, now)
        keep_done(transaction, account, "login.ask_for_link", now)
        transaction.flush()
        if is_sent:
            attempt.commit()
        else:
            attempt.rollback()
    _log.info("sign_in_link_asked", account_id=str(account and account.account_id), is_sent=is_sent)


def is_good(parts: Parts, secret: str) -> bool:
    """Whether a link can be used. To look uses nothing up: mail programs look at links too."""
    with parts.sessions.begin() as transaction:
        return signing_in_store.account_of_link(transaction, secret, parts.clock()) is not None


def use(parts: Parts, secret: str, password: str, origin: Origin) -> Answer:
    """Sign in by a link and the password; None when either is wrong. The link is gone when both were right."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        seen = signing_in_store.take_try(transaction, secret, now)
    is_right = parts.passwords.is_right(seen.password_hash if seen else None, password)
    if seen is None or seen.disabled_at is not None or not is_right:
        if seen is not None:
            with parts.sessions.begin() as transaction:
                sign_ins.tell_wrong(transaction, seen.subject, seen, "link", is_locked=False)
        _log.info("sign_in_failed", account_id=str(seen and seen.account_id), step="link")
        return None
    with parts.sessions.begin() as transaction:
        if not signing_in_store.use_link(transaction, secret):  # used, or the password changed meanwhile
            return None
        keep_done(transaction, seen, "login.by_link", now)
        return open_or_ask_app(transaction, parts, seen, BY_LINK, origin, now)
