"""The checklist before finalising in words, for pages and the command line (RULES 8)."""

from __future__ import annotations

from typing import Final, NamedTuple

from services.portal.money.periods.checklist import OF_ALL_CONTRACTS, Check, Checklist, ChecklistLine
from services.portal.web.formats import change, counted, pounds, week

UNKNOWN: Final = "Can’t be said just now: part of Caretally is not answering"


class Words(NamedTuple):
    """What a check is called, and what one of it is; empty where nothing is counted."""

    title: str
    one: str


CHECKS: Final = {
    "without_visits": Words("Weeks of providers without visits", "week"),
    "unmatched": Words("Unmatched visits", "visit"),
    "disputes": Words("Open disputes", "dispute"),
    "holds": Words("Holds", "item"),
    "below_nothing": Words("Totals below nothing", "total"),
    "debts": Words("Debts still to come off", ""),
    "rejected_rows": Words("Rejected rows not sent again", "visit"),
    "difference": Words("Difference from last period", "large change"),
}


def title_of(check: Check, checklist: Checklist) -> str:
    """What is checked; of all contracts, where only some are frozen."""
    is_of_some = bool(checklist["contract"] or checklist["finalised_contracts"])
    of_all = ", of all contracts" if is_of_some and check["name"] in OF_ALL_CONTRACTS else ""
    return CHECKS[check["name"]].title + of_all


def number_of(check: Check) -> str:
    """How many there are: `3 weeks`, `None`; at least so many where not all were counted."""
    one = CHECKS[check["name"]].one
    if not check["is_known"]:
        return UNKNOWN
    if check["number"] is None:
        return ""
    if not check["number"]:
        return "None"
    return f"{'' if check['is_complete'] else 'at least '}{counted(check['number'], one)}"


def money_of(check: Check) -> str:
    """What they come to; an estimate says so, and a difference has its sign."""
    if check["amount"] is None:
        return ""
    return _money(check["name"], check["amount"])


def line_of(line: ChecklistLine) -> str:
    """Whose it is: `Diamond Home Care Ltd, DAPL`."""
    parts = [line["organisation"], line.get("contract", ""), line.get("file_name", "")]
    if "week" in line:
        parts.append(week(line["week"]))
    return ", ".join(filter(None, parts))


def number_of_line(check: Check, line: ChecklistLine) -> str:
    """How many of it are an organisation's."""
    return counted(line["number"], CHECKS[check["name"]].one) if "number" in line else ""


def money_of_line(check: Check, line: ChecklistLine) -> str:
    """What an organisation's come to."""
    return _money(check["name"], line["amount"]) if "amount" in line else ""


def _money(name: str, amount: str) -> str:
    if name == "difference":
        return change(("0", amount))
    return f"about {pounds(amount)}" if name == "unmatched" else pounds(amount)


def frozen_in_words(checklist: Checklist) -> str:
    """What finalising does: `It freezes DAPL and LWAH. APL is finalised already.`"""
    freezes, before = checklist["freezes"], checklist["finalised_contracts"]
    sentences = [f"Finalising freezes {in_a_row(freezes)}."] if freezes else []
    if before:
        sentences.append(f"{in_a_row(before)} {'is' if len(before) == 1 else 'are'} finalised already.")
    return " ".join(sentences)


def in_a_row(names: list[str]) -> str:
    """APL, DAPL and Spot"""
    if not names:
        return "none"
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
