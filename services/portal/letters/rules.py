"""Which letters a holder can subscribe to, and when they are due (RULES 14, 15; [004] Email Notifications), pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final, NamedTuple

from libs.common.care.clock import LONDON
from libs.common.care.weeks import visits_due_on
from libs.common.rights import names as rights
from libs.common.rights import table
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


class CouncilKind(NamedTuple):
    """What is offered to the council's people. needs: of these rights one; waits: numbers of the first page."""

    text: str
    hint: str
    needs: tuple[str, ...]
    waits: tuple[str, ...] = ()


COUNCIL_KINDS: Final = {
    "runs_prepared": CouncilKind(
        "Payment runs to approve", "Within minutes, when a run is prepared.", (rights.APPROVE_RUNS,)
    ),
    "disputes_answered": CouncilKind(
        "Disputes", "Within minutes, when a provider answers one.", (rights.SETTLE_CASEWORK,)
    ),
    "claims_submitted": CouncilKind(
        "One-off claims", "Within minutes, when a provider submits one.", (rights.DECIDE_CLAIMS,)
    ),
    "enquiries_asked": CouncilKind(
        "Payment enquiries", "Within minutes, when a provider asks or adds to one.", (rights.SETTLE_CASEWORK,)
    ),
    "actions_answered": CouncilKind(
        "Actions", "Within minutes, when one is assigned to the council.", (rights.SETTLE_CASEWORK,)
    ),
    "reviews_asked": CouncilKind(
        "Provider-led reviews",
        "Within minutes, when one is asked for, or approved internally.",
        (rights.SETTLE_CASEWORK, rights.APPROVE_REVIEWS_INTERNALLY),
    ),
    "invoices_submitted": CouncilKind(
        "Invoices and credit notes", "Within minutes, when a provider submits one.", (rights.DECIDE_INVOICES,)
    ),
    "files_with_problems": CouncilKind(
        "Visits files with rejected rows",
        "Within minutes, when such a file was updated from.",
        (rights.SETTLE_CASEWORK,),
    ),
    "proposals": CouncilKind(
        "Proposals",
        "Once a day, while some wait for a second person.",
        (rights.DECIDE_MONEY, rights.DECIDE_PAY_RULES, rights.DECIDE_RANKINGS),
        ("proposals_of_payments", "proposals_of_lists"),
    ),
    "confirmations": CouncilKind(
        "Accounts and tokens to confirm",
        "Once a day, while some wait for you.",
        (rights.CONFIRM_ACCOUNTS,),
        ("accounts_to_confirm", "tokens_to_confirm"),
    ),
    "set_apart": CouncilKind(
        "What is set apart",
        "Once a day, while rows, visits or weeks could not be handled.",
        (rights.READ_SET_APART,),
        ("rows_apart", "visits_apart", "weeks_apart"),
    ),
    "concerns": CouncilKind(
        "Concerns",
        "Once a day, while concerns or answered breach notices wait.",
        (rights.READ_CONCERNS,),
        ("concerns_received", "breach_notices_answered"),
    ),
    "charge_queries": CouncilKind(
        "Queries of charges", "Once a day, while some wait.", (rights.ANSWER_CHARGES,), ("charge_queries",)
    ),
    "helpdesk": CouncilKind(
        "Requests to the helpdesk",
        "Once a day, while resets or change requests wait.",
        (rights.MANAGE_ACCOUNTS,),
        ("reset_requests", "change_requests"),
    ),
    "change_requests": CouncilKind(
        "Council accounts",
        "At once, when a second person has answered what you asked for.",
        (rights.MANAGE_ACCOUNTS,),
    ),
}
"""Offered by the rights that somebody has, and sent while they have them."""


def kinds_of_role(role: str) -> Mapping[str, Kind | CouncilKind]:
    """What somebody in this role can subscribe to."""
    if table.side_of(role) == "provider":
        return KINDS
    return {kind: offered for kind, offered in COUNCIL_KINDS.items() if table.may(role, *offered.needs)}


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
