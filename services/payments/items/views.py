"""How payments shows its items to the faces."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.care.terms import terms_from_json
from libs.common.rpc import Caller
from services.payments.items import store as items_store
from services.payments.items import store_moves
from services.payments.periods.views import whose_period

NAMES = (
    "item_id",
    "organisation",
    "client",
    "cpli_id",
    "week",
    "kind",
    "reason",
    "contract",
    "posted_at",
)


def shown_item(row: Mapping[str, Any], *, is_provider: bool) -> dict[str, Any]:
    """An item with all that explains it: the week's seconds and costs, and the dated terms.

    ``amount`` is what of it is meant, ``posted_amount`` the whole item; pounds as text.
    """
    terms = [shown_term(term, is_provider=is_provider) for term in row["terms"] or ()]
    return {
        **{name: row[name] for name in NAMES},
        "amount": pounds_text(row["amount"]),
        "posted_amount": pounds_text(row["posted_amount"]),
        "explanation": {**row["explanation"], "terms": terms},
    }


def shown_item_of_period(row: Mapping[str, Any], *, is_provider: bool) -> dict[str, Any]:
    """An item as it stands in a period: whether (any of) it is payable there, how much, and the rest by status."""
    return {
        **shown_item(row, is_provider=is_provider),
        "payable": bool(row["payable_amount"]),
        "payable_amount": pounds_text(row["payable_amount"]),
        "non_payable_amount": pounds_text(row["amount"] - row["payable_amount"]),
        "portions": [
            {"status": status, "amount": amount} for status, amount in sorted(row["portions"].items())
        ],
    }


def shown_term(term: Mapping[str, Any], *, is_provider: bool) -> dict[str, Any]:
    """What a client is assessed for is a provider's business only where the provider collects it."""
    (known,) = terms_from_json([term])
    hidden = is_provider and known.collected_by != "Provider"
    return dict(term) | ({"assessed_contribution": None} if hidden else {})


LONGEST_CPLI_ID = 18
"""digits that fit into a bigint"""


def period_items(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    shown: str | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[dict[str, Any]]:
    """A page of a period's items, each explaining itself and saying whether it is payable there.

    `shown`: ``payable``, ``non_payable`` or None for all. Raises Refused ``not_a_period``, ``not_found``,
    ``unknown_contract``.
    """
    whose = whose_period(session, caller, start, organisation, contract)
    rows = items_store.items(session, start, *whose, shown=shown, after=after, limit=limit)
    touched = [row["item_id"] for row in rows if set(row["portions"]) != {"payable"}]
    reasons = store_moves.reasons(session, start, touched) if touched else {}
    is_provider = caller["organisation"] is not None
    return [
        shown_item_of_period(row, is_provider=is_provider) | {"hold": shown_hold(reasons.get(row["item_id"]))}
        for row in rows
    ]


def shown_hold(move: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Why an item is not payable: what was done last, the reason and who is asked about it."""
    return None if move is None else {name: move[name] for name in ("name", "reason", "owner", "moved_at")}


def search_items(session: Session, *, written: str) -> list[dict[str, Any]]:
    """The newest payment items of the CPLI or the client that is written, pounds as text; a client's letters in any case."""
    is_id = written.isascii() and written.isdigit() and len(written) <= LONGEST_CPLI_ID
    return items_store.found(session, int(written) if is_id else None, sorted({written, written.upper()}))
