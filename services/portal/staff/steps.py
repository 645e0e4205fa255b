"""Accounts of the council (RULES 14): the helpdesk asks, and a second person confirms what gives rights over money.

It is the mechanism of contacts: a change request that is moved on once, and whose acceptance does it, in one
transaction with the letters that tell of it. What wants nobody's confirmation is asked and accepted at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.process import logs
from libs.common.rights import names as rights
from libs.common.rights import table
from services.portal.accounts import council
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts import store as accounts_store
from services.portal.accounts.emails import is_email
from services.portal.accounts.environment import Parts
from services.portal.accounts.helpdesk import resets
from services.portal.contacts.answering import answer
from services.portal.letters import words as letters_words
from services.portal.letters.answers import tell_of_answer
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest
from services.portal.staff import rules, store
from services.portal.staff.asked import may_refuse, refusal_to_confirm
from services.portal.staff.rules import CHANGE_ROLE, LET_IN, NEW_ACCOUNT

_log = logs.log(__name__)
NO_ACCOUNT: Final = ("not_found", "There is no such account of the council.")
NO_REQUEST: Final = ("not_found", "There is no such request.")
ENDED = "The account was ended."


@dataclass(frozen=True)
class Asked:
    """What came of asking or confirming. waits: for a second person; url: a one-time link, where one was made."""

    change_id: uuid.UUID
    waits: bool
    account_id: uuid.UUID | None = None
    url: str | None = None


def ask_for_new(parts: Parts, asker: Account, email: str, name: str, role: str) -> Asked:
    """A new account of the council. Refused `account_exists`, `already_asked`, `email_invalid`, and by the rules."""
    email = email.strip()
    if not is_email(email):
        raise Refused(*accounts_steps.EMAIL_INVALID)
    with parts.sessions.begin() as transaction:
        if accounts_store.account_of(transaction, accounts_rules.subject_of(email)) is not None:
            raise Refused(*accounts_steps.ACCOUNT_EXISTS)
        subject = accounts_rules.subject_of(email)
        _refuse_asked(
            parts, transaction, lambda found: accounts_rules.subject_of(_email_of(found)) == subject
        )
    wanted = [["name", "", name.strip()], ["email", "", email]]
    return _ask(parts, asker, NEW_ACCOUNT, None, role, wanted)


def ask_for_role(parts: Parts, asker: Account, account_id: uuid.UUID, role: str) -> Asked:
    """Another role of an account. Refused `nothing_changed`, `already_asked`, `last_confirmer`, and by the rules."""
    found = find(parts, account_id)
    if found.disabled_at is not None:
        raise Refused("account_disabled", "The account has ended: let it in again in this role.")
    if found.role == role:
        raise Refused("nothing_changed", "The account has this role already", {"field": "role"})
    return _ask(parts, asker, CHANGE_ROLE, found, role, [["role", found.role, role]])


def ask_to_let_in(parts: Parts, asker: Account, account_id: uuid.UUID, role: str) -> Asked:
    """An account that has ended, to be used again, in this role. Refused as a new one is."""
    found = find(parts, account_id)
    if found.disabled_at is None:
        raise Refused("wrong_state", "The account has not ended.")
    return _ask(parts, asker, LET_IN, found, role, [["role", "", role]])


def confirm(parts: Parts, change_id: uuid.UUID, who: Account) -> Asked:
    """A second person agrees, and it is done.

    Refused: `wrong_state` when it was answered before, `request_over`, `asker_gone`, `changed_meanwhile`, and by the
    rules.
    """
    now = parts.clock()
    try:
        with parts.sessions.begin() as transaction:
            council.take_turns(transaction)
            request = store.request(transaction, change_id, locked=True)
            if request is None:
                raise Refused(*NO_REQUEST)
            confirmer = accounts_store.account(transaction, who.account_id)
            refused = refusal_to_confirm(request, confirmer or who)
            if refused is not None or confirmer is None or confirmer.disabled_at is not None:
                raise refused or Refused("not_allowed", "Your account has ended.")
            answer(request, "accepted", confirmer, now)
            if rules.is_over(request.submitted_at, now):
                raise Refused("request_over", "This was asked too long ago: have it asked again.")
            asker = accounts_store.account(transaction, request.submitted_by)
            if (
                asker is None
                or asker.disabled_at is not None
                or not table.may(asker.role, rights.MANAGE_ACCOUNTS)
            ):
                raise Refused("asker_gone", "Whoever asked for this may no longer ask for it: refuse it.")
            done = _carry_out(transaction, parts, request, str(who.account_id))
            tell_of_answer(transaction, parts, request)
    except IntegrityError:
        raise Refused(*accounts_steps.ACCOUNT_EXISTS) from None
    _log.info("account_confirmed", change_id=str(change_id), confirmed_by=str(who.account_id))
    return done


def refuse(parts: Parts, change_id: uuid.UUID, who: Account, reason: str) -> None:
    """What was asked is not done. Refused `wrong_state` when it was answered before, `not_allowed`."""
    with parts.sessions.begin() as transaction:
        request = store.request(transaction, change_id, locked=True)
        if request is None:
            raise Refused(*NO_REQUEST)
        if not may_refuse(request, who):
            raise Refused("not_allowed", "Whoever could confirm this refuses it, or the helpdesk.")
        answer(request, "rejected", who, parts.clock())
        request.rejection_reason = reason
        tell_of_answer(transaction, parts, request)


def end(parts: Parts, account_id: uuid.UUID, who: Account) -> None:
    """Somebody leaves: account, sessions, links, tokens and app end at once. Refused `own_account`, `last_confirmer`."""
    find(parts, account_id)
    accounts_steps.disable(parts, account_id, str(who.account_id))
    with parts.sessions.begin() as transaction:
        store.close_requests_about(transaction, account_id, who.account_id, ENDED, parts.clock())


def change_role(parts: Parts, account_id: uuid.UUID, role: str) -> None:
    """What the operator of the machine does alone. Refused `not_found`, `role_unknown`, `last_confirmer`."""
    if role not in table.COUNCIL_ROLES:
        roles = ", ".join(table.COUNCIL_ROLES)
        raise Refused("role_unknown", f"There is no role “{role}” of the council: give one of {roles}.")
    find(parts, account_id)
    with parts.sessions.begin() as transaction:
        council.take_turns(transaction)
        _take_role(transaction, parts, accounts_steps.locked_account(transaction, account_id), role)


def find(parts: Parts, account_id: uuid.UUID) -> Account:
    """An account of the council; Refused `not_found` for any other."""
    with parts.sessions.begin() as transaction:
        found = store.account(transaction, account_id)
    if found is None:
        raise Refused(*NO_ACCOUNT)
    return found


def _ask(
    parts: Parts, asker: Account, kind: str, subject: Account | None, role: str, wanted: list[list[str]]
) -> Asked:
    asker_id, now = str(asker.account_id), parts.clock()
    subject_id = None if subject is None else subject.account_id
    refused = rules.refusal_to_ask(asker_id, asker.role, str(subject_id) if subject_id else None, role)
    if refused is not None:
        raise refused
    request = ChangeRequest(
        change_id=uuid.uuid4(),
        kind=kind,
        account_id=subject_id,
        entity_name=wanted[0][2] if subject is None else subject.name or subject.email,
        role=role,
        wanted=wanted,
        state="pending",
        submitted_at=now,
        submitted_by=asker.account_id,
    )
    waits = table.needs_second_person(role)
    try:
        with parts.sessions.begin() as transaction:
            council.take_turns(transaction)
            if subject_id is not None:
                _refuse_asked(parts, transaction, lambda found: found.account_id == subject_id)
                found = accounts_steps.locked_account(transaction, subject_id)
                if kind == CHANGE_ROLE:
                    council.require_confirmers(transaction, found, role)
            transaction.add(request)
            if waits:
                return Asked(request.change_id, waits)
            answer(request, "accepted", asker, now)
            return _carry_out(transaction, parts, request, asker_id)
    except IntegrityError:
        raise Refused(*accounts_steps.ACCOUNT_EXISTS) from None


def _refuse_asked(parts: Parts, transaction: Transaction, is_same: Callable[[ChangeRequest], bool]) -> None:
    if any(map(is_same, store.pending(transaction, parts.clock() - rules.WAITS_FOR))):
        raise Refused("already_asked", "This was asked already, and waits for a second person.")


def _email_of(request: ChangeRequest) -> str:
    return next((after for field, _, after in request.wanted if field == "email"), "")


def _carry_out(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> Asked:
    url = _DO[request.kind](transaction, parts, request, who)
    return Asked(request.change_id, False, request.account_id, url)


def _make(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> str:
    """The account, and the link to it."""
    account = accounts_steps.new_account(
        parts, _email_of(request), str(request.role), None, parts.random_id()
    )
    account.name = request.entity_name
    transaction.add(account)
    transaction.flush()
    request.account_id = account.account_id
    return resets.new_link(transaction, parts, account, who, is_welcome=True)


def _change_role(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> None:
    """The other role, with no session that began in the one before."""
    account = _subject(transaction, request)
    if account.disabled_at is not None or account.role != request.wanted[0][1]:
        raise Refused(
            "changed_meanwhile", "The account was changed since this was asked: have it asked again."
        )
    _take_role(transaction, parts, account, str(request.role))


def _take_role(transaction: Transaction, parts: Parts, account: Account, role: str) -> None:
    council.require_confirmers(transaction, account, role)
    account.role = role
    accounts_store.end_sessions_of(transaction, account)
    letters_words.tell_of_change(transaction, parts, account, "role", parts.clock())


def _let_in(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> str:
    """The account again, with nothing of what let its holder in before; the link to it."""
    account = _subject(transaction, request)
    if account.disabled_at is None:
        raise Refused("changed_meanwhile", "The account was let in again meanwhile.")
    account.role, account.disabled_at = str(request.role), None
    return resets.new_link(transaction, parts, account, who, is_welcome=True)


def _subject(transaction: Transaction, request: ChangeRequest) -> Account:
    if request.account_id is None:
        raise Refused(*NO_ACCOUNT)
    return accounts_steps.locked_account(transaction, request.account_id)


_DO: Final[dict[str, Callable[[Transaction, Parts, ChangeRequest, str], str | None]]] = {
    NEW_ACCOUNT: _make,
    CHANGE_ROLE: _change_role,
    LET_IN: _let_in,
}
