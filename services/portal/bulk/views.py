"""Bulk actions as the faces show them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from libs.common.rpc import Caller, callers
from services.portal.bulk import store
from services.portal.bulk.acts import Act, acts
from services.portal.bulk.rules import Sums
from services.portal.bulk.store import Place
from services.portal.schema.tables_bulk import BulkAction, BulkRow
from services.portal.web.access import the_parts


@dataclass(frozen=True)
class Shown:
    """A bulk action with what its rows come to, and whose they are."""

    action: BulkAction
    act: Act
    sums: Sums
    organisations: list[str]

    @property
    def whose(self) -> str:
        """The provider, or how many."""
        if len(self.organisations) == 1:
            return self.organisations[0]
        return f"{len(self.organisations):,} providers" if self.organisations else ""


def show(found: Sequence[BulkAction]) -> list[Shown]:
    """These in order."""
    ids = [one.bulk_id for one in found]
    with the_parts().sessions.begin() as transaction:
        sums = store.sums(transaction, ids)
        whose = store.organisations(transaction, ids)
    known = acts()
    return [Shown(one, known[one.act], sums[one.bulk_id], whose[one.bulk_id]) for one in found]


def newest_shown(caller: Caller, before: Place | None, limit: int) -> list[Shown]:
    """What was begun, the newest first: of acts whose rows the caller may see; a provider's own alone."""
    own = caller["organisation"]
    with the_parts().sessions.begin() as transaction:
        found = store.newest(
            transaction,
            acts=[name for name, act in acts().items() if callers.may(caller, act.reads)],
            organisation_id=uuid.UUID(own) if own else None,
            before=before,
            limit=limit,
        )
        transaction.expunge_all()
    return show(found)


def list_rows(bulk_id: uuid.UUID, first: int, limit: int) -> list[BulkRow]:
    """Rows from a number on: those that are left before the others."""
    with the_parts().sessions.begin() as transaction:
        found = [*store.page_of_rows(transaction, bulk_id, first, limit)]
        transaction.expunge_all()
    return found


def place_of(found: Shown) -> tuple[str, str]:
    """Where it stands in the list, as a cursor says it."""
    began_at = found.action.began_at
    return (began_at.isoformat() if began_at else "", str(found.action.bulk_id))
