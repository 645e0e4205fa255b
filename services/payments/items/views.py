"""How payments shows its items to the faces."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import pounds_text
from libs.common.rpc import Caller
from libs.common.seams.days import iso_or_none
from libs.common.seams.payments.items import (
    Explanation,
    FoundItem,
    ItemDocument,
    ItemOfPeriod,
    StoredExplanation,
    TermOfItem,
    WhyHeld,
)
from services.payments.items import store as items_store
from services.payments.items import store_moves
from services.payments.periods.views import resolve_whose_period


def item_document(row: Mapping[str, Any], *, is_provider: bool) -> ItemDocument:
    """An item with all that explains it: the week's seconds and costs, and the dated terms.

    ``amount`` is what of it is meant, ``posted_amount`` the whole item; pounds as text.
    """
    return {
        "item_id": row["item_id"],
        "organisation": row["organisation"],
        "client": row["client"],
        "cpli_id": row["cpli_id"],
        "week": iso_or_none(row["week"]),
        "kind": row["kind"],
        "reason": row["reason"],
        "contract": row["contract"],
        "posted_at": row["posted_at"].isoformat(),
        "amount": pounds_text(row["amount"]),
        "posted_amount": pounds_text(row["posted_amount"]),
        "explanation": _explanation_document(row["explanation"], row["terms"] or (), is_provider=is_provider),
    }


def _explanation_document(
    stored: StoredExplanation, terms: Iterable[TermOfItem], *, is_provider: bool
) -> Explanation:
    return {**stored, "terms": [_term_document(term, is_provider=is_provider) for term in terms]}


def _term_document(term: TermOfItem, *, is_provider: bool) -> TermOfItem:
    """What a client is assessed for is a provider's business only where the provider collects it."""
    if is_provider and term["collected_by"] != "Provider":
        return {**term, "assessed_contribution": None}
    return term


def _item_of_period_document(
    row: Mapping[str, Any], last_move: Mapping[str, Any] | None, *, is_provider: bool
) -> ItemOfPeriod:
    """An item as it stands in a period: whether (any of) it is payable there, how much, and the rest by status."""
    return {
        **item_document(row, is_provider=is_provider),
        "payable": bool(row["payable_amount"]),
        "payable_amount": pounds_text(row["payable_amount"]),
        "non_payable_amount": pounds_text(row["amount"] - row["payable_amount"]),
        "portions": [
            {"status": status, "amount": amount} for status, amount in sorted(row["portions"].items())
        ],
        "hold": None if last_move is None else _why_held_document(last_move),
    }


LONGEST_CPLI_ID = 18
"""digits that fit into a bigint"""


def list_period_items(
    session: Session,
    caller: Caller,
    *,
    start: dt.date,
    organisation: str | None,
    contract: str | None,
    shown: str | None,
    after: uuid.UUID | None,
    limit: int,
) -> list[ItemOfPeriod]:
    """A page of a period's items, each explaining itself and saying whether it is payable there.

    `shown`: ``payable``, ``non_payable`` or None for all. Raises Refused ``not_a_period``, ``not_found``,
    ``unknown_contract``.
    """
    whose = resolve_whose_period(session, caller, start, organisation, contract)
    rows = items_store.items(session, start, *whose, shown=shown, after=after, limit=limit)
    touched = [row["item_id"] for row in rows if set(row["portions"]) != {"payable"}]
    reasons = store_moves.reasons(session, start, touched) if touched else {}
    is_provider = caller["organisation"] is not None
    return [
        _item_of_period_document(row, reasons.get(row["item_id"]), is_provider=is_provider) for row in rows
    ]


def _why_held_document(move: Mapping[str, Any]) -> WhyHeld:
    """Why an item is not payable: what was done last, the reason and who is asked about it."""
    return {
        "name": move["name"],
        "reason": move["reason"],
        "owner": move["owner"],
        "moved_at": move["moved_at"].isoformat(),
    }


def search_items(session: Session, *, written: str) -> list[FoundItem]:
    """The newest payment items of the CPLI or the client that is written, pounds as text; a client's letters in any case."""
    is_id = written.isascii() and written.isdigit() and len(written) <= LONGEST_CPLI_ID
    rows = items_store.find_items(
        session, int(written) if is_id else None, sorted({written, written.upper()})
    )
    return [
        {
            "item_id": row["item_id"],
            "organisation": row["organisation"],
            "client": row["client"],
            "cpli_id": row["cpli_id"],
            "week": iso_or_none(row["week"]),
            "kind": row["kind"],
            "amount": row["amount"],
            "period_start": row["period_start"].isoformat(),
        }
        for row in rows
    ]
