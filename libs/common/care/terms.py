"""The dated terms of a care package line item (RULES 2): the same words in matching, payments and messages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.seams.matching.events import SaidTerm

# The key of the term that holds from the CPLI's beginning, whatever its StartDate becomes.
FROM_START = date.min

ONE_OFF = ("Payment", "One-off")
"""Unit and Frequency of a single payment, which belongs to no week."""


@dataclass(frozen=True, slots=True)
class Term:
    """What holds for a CPLI from a date on. Hours a week, pounds an hour, pounds a week (None: full cost)."""

    effective_from: date
    quantity: Decimal
    unit_cost: Decimal
    assessed_contribution: Decimal | None
    collected_by: str

    def __reduce__(self) -> tuple[type["Term"], tuple[Any, ...]]:
        """For pickling; what a dataclass does by itself takes several times as long."""
        return Term, (
            self.effective_from,
            self.quantity,
            self.unit_cost,
            self.assessed_contribution,
            self.collected_by,
        )


def term_on(terms: Sequence[Term], day: date) -> Term:
    """The term in force on ``day``; before the first one that is known, that first one.

    ``terms`` are in order of ``effective_from`` and never empty.
    """
    in_force = terms[0]
    for term in terms:
        if term.effective_from <= day:
            in_force = term
    return in_force


def terms_as_json(terms: Iterable[Term]) -> list[SaidTerm]:
    """Terms as messages carry them: dates and decimals as text."""
    return [
        {
            "effective_from": term.effective_from.isoformat(),
            "quantity": str(term.quantity),
            "unit_cost": str(term.unit_cost),
            "assessed_contribution": _text(term.assessed_contribution),
            "collected_by": term.collected_by,
        }
        for term in terms
    ]


def terms_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Term, ...]:
    """The inverse of ``terms_as_json``, in order of ``effective_from``."""
    terms = (
        Term(
            date.fromisoformat(row["effective_from"]),
            Decimal(row["quantity"]),
            Decimal(row["unit_cost"]),
            None if row["assessed_contribution"] is None else Decimal(row["assessed_contribution"]),
            row["collected_by"],
        )
        for row in rows
    )
    return tuple(sorted(terms, key=lambda term: term.effective_from))


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
