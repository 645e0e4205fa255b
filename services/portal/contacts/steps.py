"""Contacts are changed by request (RULES 12): a provider asks, the helpdesk accepts, and accepting does it.

Accepting changes the contact, its account and the request in one transaction, with the letters that tell of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as Transaction

from libs.common.errors import Refused
from libs.common.rights import table
from services.portal.accounts import rules as accounts_rules
from services.portal.accounts import steps as accounts_steps
from services.portal.accounts import store as accounts_store
from services.portal.accounts.emails import is_email
from services.portal.accounts.environment import Parts
from services.portal.accounts.helpdesk import resets
from services.portal.contacts import store as contacts_store
from services.portal.contacts.answering import answer
from services.portal.contacts.rules import Details, account_role, changed, changes, name_of
from services.portal.letters import words as letters_words
from services.portal.letters.answers import tell_of_answer
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest, Contact
from services.portal.web.names.organisations import organisation_of

NO_CONTACT: Final = ("not_found", "There is no such contact.")


def ask_for_new(parts: Parts, asker: Account, details: Details, role: str) -> uuid.UUID:
    """Ask for a new contact with a role; the id of the request."""
    return _ask(parts, asker, "new_contact", None, name_of(details), role, changes({}, details))


def ask_for_update(parts: Parts, asker: Account, contact_id: uuid.UUID, details: Details) -> uuid.UUID:
    """Ask for other details. Refused `nothing_changed` when they are the ones that are known."""
    found = find(parts, asker, contact_id)
    wanted = changes(found.details, details)
    if not wanted:
        raise Refused("nothing_changed", "Change something, or go back", {"field": "title"})
    return _ask(parts, asker, "update_contact", found, name_of(found.details), None, wanted)


def ask_for_role(
    parts: Parts, asker: Account, contact_id: uuid.UUID, role: str, *, is_wanted: bool
) -> uuid.UUID:
    """Ask that a contact gets a role, or loses it. Refused when that is so already, or is asked already."""
    found = find(parts, asker, contact_id)
    if role not in table.PROVIDER_ROLES:
        raise Refused("not_found", "There is no such role.")
    if (role in found.roles) == is_wanted:
        raise Refused(
            "nothing_changed",
            "The contact has this role already." if is_wanted else "The contact has no such role.",
        )
    kind = "add_role" if is_wanted else "remove_role"
    with parts.sessions.begin() as transaction:
        if contacts_store.is_pending(transaction, contact_id, kind, role):
            raise Refused("already_asked", "This was asked already, and the helpdesk has not answered yet.")
    return _ask(parts, asker, kind, found, name_of(found.details), role, [])


def find(parts: Parts, asker: Account, contact_id: uuid.UUID) -> Contact:
    """A contact of the asker's own organisation; Refused `not_found` for any other."""
    with parts.sessions.begin() as transaction:
        found = _of(transaction, contact_id, asker.organisation_id)
    if found is None:
        raise Refused(*NO_CONTACT)
    return found


def accept(parts: Parts, change_id: uuid.UUID, who: Account) -> str | None:
    """Do what was asked. A one-time link's URL where an account was made or can be used again, else None.

    Refused: `wrong_state` when it was answered before, `account_exists`, `not_found`.
    """
    try:
        with parts.sessions.begin() as transaction:
            request = _moved(transaction, parts, change_id, "accepted", who)
            url = _DO[request.kind](transaction, parts, request, str(who.account_id))
            tell_of_answer(transaction, parts, request)
    except IntegrityError:  # somebody took the address in this very moment
        raise Refused(*accounts_steps.ACCOUNT_EXISTS) from None
    return url


def reject(parts: Parts, change_id: uuid.UUID, who: Account, reason: str) -> None:
    """Refused `wrong_state` when it was answered before."""
    with parts.sessions.begin() as transaction:
        request = _moved(transaction, parts, change_id, "rejected", who)
        request.rejection_reason = reason
        tell_of_answer(transaction, parts, request)


def _ask(
    parts: Parts,
    asker: Account,
    kind: str,
    found: Contact | None,
    name: str,
    role: str | None,
    wanted: list[tuple[str, str, str]],
) -> uuid.UUID:
    assert asker.organisation_id is not None and asker.organisation is not None  # a provider's  # noqa: S101, PT018
    asked = ChangeRequest(
        change_id=uuid.uuid4(),
        organisation_id=asker.organisation_id,
        organisation=asker.organisation,
        kind=kind,
        contact_id=found.contact_id if found else None,
        entity_name=name,
        role=role,
        wanted=[list(change) for change in wanted],
        state="pending",
        submitted_at=parts.clock(),
        submitted_by=asker.account_id,
    )
    with parts.sessions.begin() as transaction:
        transaction.add(asked)
    return asked.change_id


def _moved(
    transaction: Transaction, parts: Parts, change_id: uuid.UUID, to: str, who: Account
) -> ChangeRequest:
    request = contacts_store.request(transaction, change_id, None, locked=True)
    if request is None:
        raise Refused("not_found", "There is no such change request.")
    answer(request, to, who, parts.clock())
    return request


def _make(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> str | None:
    """A new contact, with an account and the link to it."""
    now = parts.clock()
    assert request.organisation_id is not None and request.organisation is not None  # of a provider  # noqa: S101, PT018
    contact = Contact(
        contact_id=uuid.uuid4(),
        organisation_id=request.organisation_id,
        organisation=request.organisation,
        details=changed({}, request.wanted),
        roles=[request.role],
        made_at=now,
        changed_at=now,
    )
    transaction.add(contact)
    request.contact_id = contact.contact_id
    return _let_in(transaction, parts, contact, who)


def _update(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> None:
    """Other details; the account signs in with the portal e-mail address, so that it follows."""
    contact = _contact_of(transaction, request)
    contact.details = changed(contact.details, request.wanted)
    contact.changed_at = parts.clock()
    account = contacts_store.account_of_contact(transaction, contact)
    email = contact.details.get("portal_email", "")
    if account is not None and email and email != account.email:
        _refuse_taken(transaction, email, account)
        if not is_email(email):
            raise Refused(*accounts_steps.EMAIL_INVALID)
        # to the old address: whoever reads it can tell when it was not them
        letters_words.tell_of_change(transaction, parts, account, "email", parts.clock())
        account.email, account.subject = email, accounts_rules.subject_of(email)


def _add_role(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> str | None:
    """One role more; with the first one the contact is let in."""
    contact = _contact_of(transaction, request)
    had_one = bool(contact.roles)
    contact.roles = sorted({*contact.roles, str(request.role)})
    contact.changed_at = parts.clock()
    if not had_one:
        return _let_in(transaction, parts, contact, who)
    _follow(transaction, parts, contact)
    return None


def _remove_role(transaction: Transaction, parts: Parts, request: ChangeRequest, who: str) -> None:
    """One role less; without any the account is disabled."""
    contact = _contact_of(transaction, request)
    contact.roles = [role for role in contact.roles if role != request.role]
    contact.changed_at = parts.clock()
    _follow(transaction, parts, contact)


def _follow(transaction: Transaction, parts: Parts, contact: Contact) -> None:
    """The account has the contact's role, or is shut out."""
    if contact.account_id is None:
        return
    account, role = (
        accounts_steps.locked_account(transaction, contact.account_id),
        account_role(contact.roles),
    )
    if role is None:
        accounts_steps.shut_out(transaction, account, parts.clock())
    else:
        account.role = role


def _let_in(transaction: Transaction, parts: Parts, contact: Contact, who: str) -> str:
    """An account for a contact who has a role and had none before, or the one from before again; its link."""
    role = str(account_role(contact.roles))
    if contact.account_id is None:
        email = contact.details.get("portal_email", "")
        _refuse_taken(transaction, email, None)
        account = accounts_steps.new_account(parts, email, role, organisation_of(contact), parts.random_id())
        transaction.add(account)
        transaction.flush()
        contact.account_id = account.account_id
    else:
        account = accounts_steps.locked_account(transaction, contact.account_id)
        account.role, account.disabled_at = role, None
    return resets.new_link(transaction, parts, account, who, is_welcome=True)


def _refuse_taken(transaction: Transaction, email: str, own: Account | None) -> None:
    other = accounts_store.account_of(transaction, accounts_rules.subject_of(email))
    if other is not None and (own is None or other.account_id != own.account_id):
        raise Refused(*accounts_steps.ACCOUNT_EXISTS)


def _contact_of(transaction: Transaction, request: ChangeRequest) -> Contact:
    found = request.contact_id and _of(
        transaction, request.contact_id, request.organisation_id, is_locked=True
    )
    if not found:
        raise Refused(*NO_CONTACT)
    return found


def _of(
    transaction: Transaction,
    contact_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    *,
    is_locked: bool = False,
) -> Contact | None:
    if organisation_id is None:
        return None
    return contacts_store.contact(transaction, contact_id, organisation_id, locked=is_locked)


_DO: Final[dict[str, Callable[[Transaction, Parts, ChangeRequest, str], str | None]]] = {
    "new_contact": _make,
    "update_contact": _update,
    "add_role": _add_role,
    "remove_role": _remove_role,
}
