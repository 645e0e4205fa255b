"""The words that pages of actuals use for what services say in codes (RULES 13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Final

from libs.common.seams.ingest.actuals import ActualLineDocument, ExtraRulesDocument

STATES: Final = {
    "none": ("None", "govuk-tag--grey"),
    "generated": ("Generated", "govuk-tag--yellow"),
    "submitted": ("Submitted", "govuk-tag--blue"),
    "disputed": ("Disputed", "govuk-tag--orange"),
    "invoiced": ("Invoiced", "govuk-tag--purple"),
}
"""Green is for what is more than planned alone ([004])."""
NOT_SUBMITTED: Final = ("none", "generated")
NO_ACTUALS: Final = "There are no actuals for this week"
MORE_THAN_PLANNED: Final = "More than planned"
NO_TIME: Final = (
    "{label}: “{value}” is no time: write hours and minutes, as 7:45 for seven and three quarter hours"
)
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def days_in_words(line: ActualLineDocument) -> str:
    """Mon 3 Oct, or Mon 3 to Wed 5 Oct of a run of days."""
    first, last = (dt.date.fromisoformat(line[name]) for name in ("first_on", "last_on"))
    if first == last:
        return f"{first:%a} {first.day} {first:%b}"
    month = "" if first.month == last.month else f" {first:%b}"
    return f"{first:%a} {first.day}{month} to {last:%a} {last.day} {last:%b}"


def rules_on(dated: Sequence[ExtraRulesDocument], contract: str, monday: str) -> ExtraRulesDocument | None:
    """What a contract asks of a week: the latest of its rules that hold then, as services list them first."""
    of_contract = (one for one in dated if one["contract"] == contract and one["effective_from"] <= monday)
    return max(of_contract, key=lambda one: (one["effective_from"], one["set_at"]), default=None)


def rules_of_contracts(
    dated: Sequence[ExtraRulesDocument], contracts: Iterable[str], monday: str
) -> list[tuple[str, list[str]]]:
    """What each of these contracts asks of a week, those that ask something, by name."""
    found = ((name, rules_in_words(rules_on(dated, name, monday))) for name in sorted(set(contracts)))
    return [(name, sentences) for name, sentences in found if sentences]


def rules_in_words(rules: ExtraRulesDocument | None) -> list[str]:
    """What a contract asks beside RULES 13, a sentence each; nothing where it asks nothing."""
    if rules is None:
        return []
    found = []
    if rules["unit_minutes"]:
        found.append(
            f"Enter time in steps of {rules['unit_minutes']} minutes; the planned time is always allowed."
        )
    if rules["wants_comment"]:
        found.append("Write a comment wherever a line differs from the plan.")
    if rules["wants_visits"]:
        found.append("Enter the number of visits of each line with delivered time.")
    if float(rules["tolerance_percent"]):
        percent = rules["tolerance_percent"].rstrip("0").rstrip(".")
        found.append(f"Up to {percent} per cent more than planned over the week is accepted and paid.")
    if rules["confirm_weekday"] is not None:
        day = WEEKDAYS[rules["confirm_weekday"]]
        found.append(f"Save the week by {day} of the week after, {rules['confirm_hour'] or 0:02}:00.")
    return found
