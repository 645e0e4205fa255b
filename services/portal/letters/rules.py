"""Which letters a holder can subscribe to, and when they are due (RULES 14, 15; [004] Email Notifications), pure."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from libs.common.care.clock import LONDON
from libs.common.care.weeks import visits_due_on
from services.portal.help.rules import week_due_after


class Kind(NamedTuple):
    """What is offered."""

    text: str
    hint: str


KINDS: Final = {
    "remittance": Kind(
        "Payments", "When a payment period is finalised and its remittance advice can be read."
    ),
    "unmatched": Kind("Unmatched visits", "Once a day, while there are visits without a match."),
    "documents": Kind(
        "Contract documents", "Once a day, while there are contract documents to agree to or reject."
    ),
    "actuals": Kind(
        "Actuals", "Once a day, while weeks must be confirmed within a day, or should have been."
    ),
    "deadlines": Kind("Submission deadlines", "On the day before the visits of a week are due."),
    "change_requests": Kind("Change requests", "At once, when the helpdesk has answered a request of yours."),
    "actions": Kind("Actions", "At once, when an action is assigned to you or answered."),
    "disputes": Kind("Disputes", "At once, when the council raises a dispute, asks again or closes one."),
    "enquiries": Kind("Payment enquiries", "At once, when the council answers."),
    "invoices": Kind("Invoices", "At once, when the council accepts or rejects an invoice or credit note."),
    "breach_notices": Kind(
        "Breach notices", "At once, when the council sends a breach notice, accepts an answer or goes on."
    ),
    "claims": Kind("One-off claims", "At once, when a claim is accepted or rejected."),
    "offers": Kind("Offers of care", "At once, when the council offers you care, or withdraws an offer."),
    "rankings": Kind("Rankings", "At once, when the council answers your appeal against a place."),
    "reviews": Kind("Provider-led reviews", "At once, when a review is approved or rejected."),
}
ALWAYS: Final = (
    "your password, security code or authenticator app was changed",
    "sign-in to your account is locked after failed attempts",
    "a new device signed in to your account",
    "a one-time link was made for your account",
)
"""Letters that nobody can unsubscribe from."""

FIRST_HOUR: Final = 8
"""In London: nobody's telephone rings at midnight."""


def is_awake(now: dt.datetime) -> bool:
    """Whether the day's letters may be written yet."""
    return now.astimezone(LONDON).hour >= FIRST_HOUR


def reminder_due(today: dt.date, submission_days: int) -> dt.date | None:
    """The Monday of the week to remind of today: its visits are due tomorrow."""
    monday = week_due_after(today, submission_days)
    return monday if visits_due_on(monday, submission_days) - today == dt.timedelta(days=1) else None


def newly_finalised(states: dict[str, str], told: set[str]) -> list[str]:
    """The first days of periods that are finalised and were not told of. states: by first day."""
    return sorted(start for start, state in states.items() if state == "finalised" and start not in told)
