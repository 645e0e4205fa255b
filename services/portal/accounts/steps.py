"""Accounts (RULES 14): one function for each step of their life but signing in.

Expected refusals are `Refused`; those about one field of a form say it: details {"field": ...}.
"""

from __future__ import annotations

import datetime as dt
import hmac
import random
import uuid
from collections.abc import Sequence
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rights import table
from services.portal.accounts import council, passwords, rules, store
from services.portal.accounts.emails import is_email
from services.portal.accounts.environment import Parts
from services.portal.accounts.signing_in.sessions import end_elsewhere, open_session
from services.portal.accounts.signing_in.signed_in import SignedIn
from services.portal.accounts.tokens import store as tokens_store
from services.portal.accounts.vault import Sealed
from services.portal.letters import words as letters_words
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import Contact
from services.portal.web.names.organisations import Organisation

_log = logs.log(__name__)
ACCOUNT_EXISTS: Final = ("account_exists", "There is an account with this e-mail address already.")
EMAIL_INVALID: Final = ("email_invalid", "That is not an e-mail address.")
# without what is read as something else: 0 and O, 1 and l and I
_LETTERS, _CAPITALS, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def add(parts: Parts, email: str, role: str, organisation: Organisation | None, name: str = "") -> str:
    """A new account, of a provider's with its contact; its initial password, which is nowhere else."""
    initial = _initial_password(parts.chance)
    made = new_account(parts, email, role, organisation, initial)
    made.name = name.strip()
    try:
        with parts.sessions.begin() as transaction:
            transaction.add(made)
            if made.organisation_id is not None and made.organisation is not None:
                transaction.add(
                    Contact(
                        contact_id=uuid.uuid4(),
                        organisation_id=made.organisation_id,
                        organisation=made.organisation,
                        details={"portal_email": made.email},
                        roles=[role],
                        account_id=made.account_id,
                        made_at=made.made_at,
                        changed_at=made.made_at,
                    )
                )
    except IntegrityError:
        raise Refused(*ACCOUNT_EXISTS) from None
    return initial


def new_account(
    parts: Parts, email: str, role: str, organisation: Organisation | None, password: str
) -> Account:
    """An account that is not kept yet, with a password that its holder must change."""
    email = email.strip()
    if role not in table.ROLES:
        raise Refused("role_unknown", f"There is no role “{role}”: give one of {', '.join(table.ROLES)}.")
    if not is_email(email):
        raise Refused(*EMAIL_INVALID)
    is_provider = table.side_of(role) == "provider"
    if is_provider != (organisation is not None):
        raise Refused(
            "organisation_wrong",
            "A provider's account needs its organisation."
            if is_provider
            else "An account of the council has no organisation.",
        )
    first, second = rules.chosen_positions(parts.chance)
    return Account(
        account_id=uuid.UUID(bytes=parts.chance.randbytes(16), version=4),
        email=email,
        subject=rules.subject_of(email),
        role=role,
        organisation=organisation.name if organisation else None,
        organisation_id=organisation.organisation_id if organisation else None,
        password_hash=parts.passwords.hash(password),
        must_change_password=True,
        first_position=first,
        second_position=second,
        made_at=parts.clock(),
    )


def change_password(parts: Parts, who: SignedIn, present: str | None, new: str, device: str = "") -> str:
    """The new session's id: all sessions end. present: None at the first login, which has just asked for it."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        seen = _mine(transaction, who)
        if present is None and not seen.must_change_password:
            raise Refused("present_wrong", "Enter your present password", {"field": "present"})
    is_right = present is None or parts.passwords.is_right(seen.password_hash, present)
    judge_present(parts, who, seen.subject, is_right, "Present password is not right", now)
    new_hash = accepted_hash(parts, seen, new)
    with parts.sessions.begin() as transaction:
        account = _mine(transaction, who)
        if account.password_hash != seen.password_hash:
            raise Refused("changed_meanwhile", "Your password was changed meanwhile.")
        account.password_hash, account.must_change_password = new_hash, False
        store.end_sessions_of(transaction, account)
        store.forget_links(transaction, account)
        letters_words.tell_of_change(transaction, parts, account, "password", now)
        return open_session(transaction, parts, account, who.counter, now, device)


def change_code(parts: Parts, who: SignedIn, present: str | None, new: str) -> None:
    """present: None when there is no code yet."""
    now = parts.clock()
    with parts.sessions.begin() as transaction:
        account = _mine(transaction, who)
        had, sealed = account.code is not None, code_of(account)
    if sealed is not None:
        kept = parts.vault.open(sealed, f"code|{who.account_id.hex}")
        is_right = hmac.compare_digest(kept.encode(), (present or "").encode())
        judge_present(parts, who, account.subject, is_right, "Present security code is not right", now)
    fault = rules.code_fault(new)
    if fault is None and present == new:
        fault = "New security code must differ from the present one"
    if fault is not None:
        raise Refused("code_refused", fault, {"field": "new"})
    with parts.sessions.begin() as transaction:
        account = _mine(transaction, who)
        if (account.code is not None) != had:
            raise Refused("changed_meanwhile", "Your security code was changed meanwhile.")
        put_code(parts, account, new)
        account.first_position, account.second_position = rules.chosen_positions(parts.chance)
        end_elsewhere(transaction, account, who)
        if had:
            letters_words.tell_of_change(transaction, parts, account, "code", now)


def code_of(account: Account) -> Sealed | None:
    return None if account.code is None else Sealed(account.code, account.code_key or 0)


def put_code(parts: Parts, account: Account, code: str) -> None:
    sealed = parts.vault.seal(code, f"code|{account.account_id.hex}")
    account.code, account.code_key = sealed.content, sealed.key_version


def put_totp(parts: Parts, account: Account, key: str) -> None:
    sealed = parts.vault.seal(key, f"totp|{account.account_id.hex}")
    account.totp, account.totp_key = sealed.content, sealed.key_version


def rotate_keys(parts: Parts) -> int:
    """Seal anew, by the newest key, whatever an older one sealed; of how many accounts."""
    with parts.sessions.begin() as transaction:
        found = store.sealed_by_older_keys(transaction, parts.vault.newest)
        for account in found:
            if account.code is not None:
                sealed = Sealed(account.code, account.code_key or 0)
                put_code(parts, account, parts.vault.open(sealed, f"code|{account.account_id.hex}"))
            if account.totp is not None:
                sealed = Sealed(account.totp, account.totp_key or 0)
                put_totp(parts, account, parts.vault.open(sealed, f"totp|{account.account_id.hex}"))
        return len(found)


def keys_in_use(parts: Parts) -> set[int]:
    """The numbers of the keys by which anything is sealed."""
    with parts.sessions.begin() as transaction:
        return store.keys_in_use(transaction)


OWNER_SHUT_OUT = "its owner’s account ended"
"""Who revoked a token, where nobody did by themselves."""


def disable(parts: Parts, account_id: uuid.UUID, who: str) -> None:
    """Nobody signs in with it any more: its sessions, links and tokens end at once. Disabling twice changes nothing.

    Of the council's people password, code and app end too. Refused `own_account` and `last_confirmer`.
    """
    if who == str(account_id):
        raise Refused("own_account", "You can't disable your own account: ask a colleague.")
    unusable = parts.passwords.hash(parts.random_id())
    with parts.sessions.begin() as transaction:
        council.take_turns(transaction)
        account = locked_account(transaction, account_id)
        if account.organisation_id is None:
            council.require_confirmers(transaction, account)
            council.leave(account, unusable)
        shut_out(transaction, account, parts.clock())
    _log.info("account_disabled", account_id=str(account_id), made_by=who)


def shut_out(transaction: Transaction, account: Account, now: dt.datetime) -> None:
    """Disable an account that is locked; its tokens end with it, for good."""
    account.disabled_at = account.disabled_at or now
    tokens_store.revoke_all_of(transaction, account.account_id, OWNER_SHUT_OUT, now)
    store.end_sessions_of(transaction, account)
    store.forget_links(transaction, account)


def enable(parts: Parts, account_id: uuid.UUID, who: str) -> None:
    """Its holder signs in as before; one of the council's by a one-time link, which is another step."""
    with parts.sessions.begin() as transaction:
        locked_account(transaction, account_id).disabled_at = None
    _log.info("account_enabled", account_id=str(account_id), made_by=who)


def every(parts: Parts) -> Sequence[Account]:
    """Every account, by its e-mail address."""
    with parts.sessions.begin() as transaction:
        return store.all_accounts(transaction)


def find(parts: Parts, email: str) -> Account:
    """Refused when there is none: for those who may know."""
    with parts.sessions.begin() as transaction:
        account = store.account_of(transaction, rules.subject_of(email))
    if account is None:
        raise Refused("account_not_found", "There is no account with this e-mail address.")
    return account


def locked_account(transaction: Transaction, account_id: uuid.UUID) -> Account:
    account = store.account(transaction, account_id, locked=True)
    if account is None:
        raise Refused("not_found", "There is no such account.")
    return account


def _mine(transaction: Transaction, who: SignedIn) -> Account:
    """The asker's own account, locked, while the session still stands."""
    found = store.session_and_account(transaction, who.session_id)
    if found is None:
        raise Refused("session_over", "You were signed out. Sign in again.")
    return locked_account(transaction, who.account_id)


def judge_password(
    parts: Parts, who: SignedIn, present: str, sentence: str = "Present password is not right"
) -> Account:
    """The account of somebody signed in who types the password once more. Refused, in the field `present`, when it is wrong."""
    with parts.sessions.begin() as transaction:
        seen = _mine(transaction, who)
    is_right = parts.passwords.is_right(seen.password_hash, present)
    judge_present(parts, who, seen.subject, is_right, sentence, parts.clock())
    return seen


def judge_present(
    parts: Parts, who: SignedIn, subject: str, is_right: bool, sentence: str, now: dt.datetime
) -> None:
    """The present password or code, asked of somebody signed in: whoever sits at another's browser has five tries
    too, then the session ends and the holder is told."""
    with parts.sessions.begin() as transaction:
        count = store.locked_count(transaction, subject, rules.SIGNED_IN, now)
        is_locked = count.is_locked(now)
        after = count if is_locked else rules.Count() if is_right else count.with_failure(now)
        store.keep_count(transaction, subject, rules.SIGNED_IN, after, now)
        if after.locks > count.locks and after.locked_until is not None:
            account = locked_account(transaction, who.account_id)
            letters_words.tell_of_lock(transaction, parts, account, after.locked_until, now)
            store.end_sessions_of(transaction, account)
    if is_locked or after.is_locked(now):
        raise Refused("locked", "That failed five times in a row. Wait, or ask the helpdesk.")
    if not is_right:
        raise Refused("present_wrong", sentence, {"field": "present"})


def accepted_hash(parts: Parts, account: Account, new: str) -> str:
    """The hash of a new password that keeps the rules. Refused, with every sentence, when it does not."""
    with parts.sessions.begin() as transaction:
        names = store.names_of(transaction, account.account_id)
    about = tuple(
        filter(None, (account.email, account.organisation, parts.council_name, "Caretally", *names))
    )
    faults = rules.password_faults(new, lambda text: passwords.is_common(text, about))
    if not faults and parts.passwords.is_right(account.password_hash, new):
        faults = ["New password must differ from the present one"]
    if faults:
        raise Refused("password_refused", ". ".join(faults), {"field": "new", "sentences": faults})
    return parts.passwords.hash(new)


def _initial_password(chance: random.Random) -> str:
    """Letters and digits in four groups, each with a capital and a digit: fit to be read out."""
    groups = []
    for _ in range(rules.INITIAL_GROUPS):
        group = [chance.choice(_CAPITALS), chance.choice(_DIGITS)]
        group += [chance.choice(_LETTERS) for _ in range(rules.INITIAL_GROUP_LENGTH - len(group))]
        chance.shuffle(group)
        groups.append("".join(group))
    return "-".join(groups)
