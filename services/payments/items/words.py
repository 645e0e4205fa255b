"""How payments shows its items to the faces."""

from collections.abc import Mapping
from typing import Any

from libs.common.care.money import pounds_text
from libs.common.care.terms import terms_from_json

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
