"""Who did something, in words: services know people by the ids of their accounts alone."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable

from libs.common.rights import table
from services.portal.accounts import store as accounts_store
from services.portal.accounts.environment import Parts
from services.portal.schema.tables_accounts import Account

THE_COUNCIL = "the council"
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def names_of(parts: Parts, viewer: Account, ids: Iterable[str | None]) -> dict[str, str]:
    """A name for each id that a service gave as `changed_by` or the like.

    Colleagues are known by their e-mail addresses; to a provider, whoever is not its own is the council.
    """
    wanted = {who for who in ids if who}
    account_ids = {who: _uuid(who) for who in wanted}
    with parts.sessions.begin() as transaction:
        known = accounts_store.accounts_by_id(transaction, [one for one in account_ids.values() if one])
    return {who: _name(who, known.get(one) if one else None, viewer) for who, one in account_ids.items()}


def names_in(parts: Parts, viewer: Account, sentence: str) -> str:
    """A service's sentence with names where it has ids."""
    names = names_of(parts, viewer, _UUID.findall(sentence))
    return _UUID.sub(lambda found: names[found[0]], sentence)


def _name(who: str, account: Account | None, viewer: Account) -> str:
    if account is None:
        return who
    is_strange = (
        table.side_of(viewer.role) == "provider" and account.organisation_id != viewer.organisation_id
    )
    return THE_COUNCIL if is_strange else account.email


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
