"""Queries of contacts and change requests. A provider's are asked for by its organisation, always."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select, tuple_
from sqlalchemy.orm import Session as Transaction

from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest, Contact

Place = tuple[dt.datetime, uuid.UUID]
MOST_CONTACTS = 500
COUNTED_TO = 1_000


def contacts_of(transaction: Transaction, organisation_id: uuid.UUID) -> Sequence[Contact]:
    """The contacts of an organisation by name, those without one last; 500 at most."""
    surname, forename = Contact.details["surname"].astext, Contact.details["forename"].astext
    query = (
        select(Contact)
        .where(Contact.organisation_id == organisation_id)
        .order_by(func.lower(surname), func.lower(forename), Contact.contact_id)
        .limit(MOST_CONTACTS)
    )
    return transaction.scalars(query).all()


def contact(
    transaction: Transaction, contact_id: uuid.UUID, organisation_id: uuid.UUID, *, locked: bool = False
) -> Contact | None:
    """A contact of this organisation."""
    query = select(Contact).where(
        Contact.contact_id == contact_id, Contact.organisation_id == organisation_id
    )
    return transaction.scalar(query.with_for_update() if locked else query)


def account_of_contact(transaction: Transaction, found: Contact) -> Account | None:
    """The account that a contact signs in with, or did."""
    return None if found.account_id is None else transaction.get(Account, found.account_id)


def request(
    transaction: Transaction,
    change_id: uuid.UUID,
    organisation_id: uuid.UUID | None,
    *,
    locked: bool = False,
) -> ChangeRequest | None:
    """A change request of this organisation; of any provider for None."""
    query = select(ChangeRequest).where(ChangeRequest.change_id == change_id, _is_of(organisation_id))
    return transaction.scalar(query.with_for_update() if locked else query)


def is_pending(transaction: Transaction, contact_id: uuid.UUID, kind: str, role: str) -> bool:
    """Whether the same is asked already, and not answered."""
    query = select(ChangeRequest.change_id).where(
        ChangeRequest.contact_id == contact_id,
        ChangeRequest.kind == kind,
        ChangeRequest.role == role,
        ChangeRequest.state == "pending",
    )
    return transaction.scalar(query.limit(1)) is not None


def requests(
    transaction: Transaction,
    organisation_id: uuid.UUID | None,
    *,
    since: dt.datetime | None,
    after: Place | None,
    limit: int,
) -> Sequence[ChangeRequest]:
    """A page of change requests of an organisation, of all providers for None; the newest first.

    since: those that are pending, and those submitted since then. after: the last one of the page before.
    """
    newest = (ChangeRequest.submitted_at.desc(), ChangeRequest.change_id.desc())
    query = select(ChangeRequest).where(_is_of(organisation_id)).order_by(*newest)
    if since is not None:
        query = query.where(or_(ChangeRequest.state == "pending", ChangeRequest.submitted_at >= since))
    if after is not None:
        query = query.where(tuple_(ChangeRequest.submitted_at, ChangeRequest.change_id) < after)
    return transaction.scalars(query.limit(limit)).all()


def count_pending(transaction: Transaction, organisation_id: uuid.UUID | None) -> int:
    """How many change requests wait for an answer; a thousand at most."""
    query = select(ChangeRequest.change_id).where(ChangeRequest.state == "pending", _is_of(organisation_id))
    found = query.limit(COUNTED_TO).subquery()
    return transaction.scalar(select(func.count()).select_from(found)) or 0


def _is_of(organisation_id: uuid.UUID | None) -> ColumnElement[bool]:
    """Those of a provider; for None those of all, but none about accounts of the council."""
    if organisation_id is None:
        return ChangeRequest.organisation_id.is_not(None)
    return ChangeRequest.organisation_id == organisation_id
