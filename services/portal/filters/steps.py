"""A holder saves, renames and removes filters of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Final

from libs.common.errors import Refused
from services.portal.accounts.environment import Parts
from services.portal.filters import rules, store
from services.portal.schema.tables_filters import SavedFilter

NOT_FOUND: Final = ("not_found", "You have no such filter.")


def save(parts: Parts, account_id: uuid.UUID, *, page: str, name: str, query: str) -> None:
    """Save one. Raises Refused ``cannot_be_saved``, about the field ``name``."""
    with parts.sessions.begin() as transaction:
        store.lock(transaction, account_id)
        known = store.filters_of(transaction, account_id)
        fault = rules.fault_of(query, len(known)) or _taken(known, page, name)
        if fault is not None:
            raise Refused("cannot_be_saved", fault, {"field": "name"})
        transaction.add(
            SavedFilter(
                filter_id=uuid.uuid4(),
                account_id=account_id,
                page=page,
                name=name,
                query=query,
                saved_at=parts.clock(),
            )
        )


def rename(parts: Parts, account_id: uuid.UUID, filter_id: uuid.UUID, name: str) -> None:
    """Raises Refused ``not_found``, and ``cannot_be_saved`` about the field ``name``."""
    with parts.sessions.begin() as transaction:
        store.lock(transaction, account_id)
        found = store.find(transaction, account_id, filter_id)
        if found is None:
            raise Refused(*NOT_FOUND)
        others = [one for one in store.filters_of(transaction, account_id) if one is not found]
        fault = _taken(others, found.page, name)
        if fault is not None:
            raise Refused("cannot_be_saved", fault, {"field": "name"})
        found.name = name


def remove(parts: Parts, account_id: uuid.UUID, filter_id: uuid.UUID) -> None:
    """Remove one; twice is as good as once."""
    with parts.sessions.begin() as transaction:
        store.remove(transaction, account_id, filter_id)


def _taken(known: Iterable[SavedFilter], page: str, name: str) -> str | None:
    """What is wrong with a name that another filter of the page has."""
    return rules.TAKEN if (page, name) in {(one.page, one.name) for one in known} else None
