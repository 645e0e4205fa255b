"""Proposals in plain words: what each kind is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from libs.common.seams.proposals import ProposalDocument
from services.portal.lists.pay_rules_words import rules_in_words
from services.portal.web.formats import day, pounds

Row = Mapping[str, Any]
Rows = list[tuple[str, str]]
STATES: Final = {
    "waiting": ("Waits for a second person", "govuk-tag--yellow"),
    "approved": ("Approved", "govuk-tag--green"),
    "refused": ("Refused", "govuk-tag--red"),
}
RANKING: Final = "ranking"
WITHOUT_MONEY: Final = frozenset({RANKING})
"""What changes no money by itself."""


def title_of(proposal: ProposalDocument) -> str:
    """What a proposal is, in one line."""
    wanted = proposal["wanted"]
    if proposal["kind"] == "adjustment":
        return f"Manual adjustment of {pounds(wanted['amount'])} for {wanted['organisation']}"
    if proposal["kind"] == "debt_write_off":
        return f"Write off a debt of {pounds(wanted['amount'])}"
    if proposal["kind"] == RANKING:
        return f"Freeze the ranking of {wanted['list']} for {wanted['quarter']}"
    from_when = f"from {day(wanted['effective_from'])}"
    if proposal["kind"] == "pay_rules":
        return f"Pay rules of {wanted['contract']} {from_when}"
    return f"Visit type {wanted['ref']} {from_when}"


def rows_of(proposal: ProposalDocument) -> list[tuple[str, str]]:
    """What it says, as (what, words)."""
    rows = ROWS[str(proposal["kind"])](proposal["wanted"])
    return [(what, words) for what, words in rows if words]


def _adjustment(wanted: Row) -> Rows:
    return [
        ("Payment period", f"from {day(wanted['start'])}"),
        ("Contract", wanted["contract"]),
        ("Care package line item", str(wanted["cpli_id"] or "")),
        ("Client", wanted["client"] or ""),
        ("Reason", wanted["reason"]),
    ]


def _write_off(wanted: Row) -> Rows:
    return [
        ("Contract", wanted["contract"]),
        ("Arose in the period", f"from {day(wanted['arose_in'])}"),
        ("Reason", wanted["reason"]),
    ]


def _pay_rules(wanted: Row) -> Rows:
    return [("Rules", " ".join(rules_in_words(wanted["rules"])))]


def _visit_type(wanted: Row) -> Rows:
    return [
        ("Paid to the provider", "Yes" if wanted["paid"] else "No"),
        ("Charged to the client", "Yes" if wanted["charged"] else "No"),
        ("On", {"delivered": "Delivered time", "planned": "Planned time"}.get(wanted["basis"], "")),
    ]


def _ranking(wanted: Row) -> Rows:
    replaces = wanted["replaces"]
    return [
        ("List", wanted["list"]),
        ("Quarter", wanted["quarter"]),
        ("In the place of", f"the frozen ranking number {replaces}" if replaces else ""),
    ]


ROWS: Final[Mapping[str, Callable[[Row], Rows]]] = {
    "adjustment": _adjustment,
    "debt_write_off": _write_off,
    "pay_rules": _pay_rules,
    "visit_type": _visit_type,
    RANKING: _ranking,
}
