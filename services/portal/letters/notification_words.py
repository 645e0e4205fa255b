"""The words of the letters that holders subscribed to. None names a client."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session as Transaction

from libs.common.care.weeks import period_end_of, visits_due_on
from services.portal.accounts.environment import Parts
from services.portal.contacts.rules import KINDS
from services.portal.letters import mail
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_people import ChangeRequest
from services.portal.staff.rules import KINDS as STAFF_KINDS
from services.portal.web import formats

MOST_LINES = 20
"""Of what came, in one letter."""


def change_request_answered(
    transaction: Transaction, parts: Parts, account: Account, request: ChangeRequest
) -> None:
    """To who asked for it."""
    is_staff = request.organisation_id is None
    what = f"{(STAFF_KINDS if is_staff else KINDS)[request.kind]}: {request.entity_name}"
    why = f"\n\nThe reason: {request.rejection_reason}" if request.rejection_reason else ""
    text = f"Your change request was {request.state}.\n\n{what}{why}"
    path = "/council-accounts" if is_staff else "/change-requests"
    _write(transaction, parts, account, f"Change request {request.state}", text, path)


def period_finalised(transaction: Transaction, parts: Parts, account: Account, start: str) -> None:
    """start: the first day of the period."""
    first = dt.date.fromisoformat(start)
    text = (
        f"The payment period {formats.period(first, period_end_of(first))} is finalised. Its remittance advice can be "
        "read and taken along."
    )
    _write(transaction, parts, account, "A payment period is finalised", text, f"/payments/{start}")


def unmatched_visits(transaction: Transaction, parts: Parts, account: Account, number: int) -> None:
    """number: counted to a thousand."""
    many = "1,000 or more visits have" if number >= 1_000 else f"{number:,} visits have"
    text = (
        f"{'1 visit has' if number == 1 else many} no match with commissioned care, and will not be paid until there "
        "is one. Each says why, and what to do."
    )
    _write(transaction, parts, account, "Visits without a match", text, "/unmatched")


def documents_to_answer(transaction: Transaction, parts: Parts, account: Account, number: int) -> None:
    """number: counted to a thousand."""
    many = (
        "1,000 or more contract documents wait" if number >= 1_000 else f"{number:,} contract documents wait"
    )
    text = (
        f"{'1 contract document waits' if number == 1 else many} for an answer of your organisation. Agree or reject "
        "within seven days of publishing: what is not answered by then is agreed automatically."
    )
    _write(transaction, parts, account, "Contract documents to answer", text, "/contract-documents")


def actuals_to_confirm(transaction: Transaction, parts: Parts, account: Account, number: int) -> None:
    """number: of weeks of a line item."""
    text = (
        f"{'1 week of actuals is' if number == 1 else f'{number:,} weeks of actuals are'} not saved although the "
        "contract wants it within a day, or by now. What is not saved is not paid."
    )
    _write(transaction, parts, account, "Actuals to confirm", text, "/actuals-not-confirmed")


def invoice_decided(
    transaction: Transaction, parts: Parts, account: Account, what: str, number: str, state: str, path: str
) -> None:
    """what: Invoice or Credit note; number: the provider's own; state: Accepted or Rejected."""
    text = f"The council has {state.lower()} your {what.lower()} {number}."
    _write(transaction, parts, account, f"{what} {number} is {state.lower()}", text, path)


def deadline_tomorrow(transaction: Transaction, parts: Parts, account: Account, monday: dt.date) -> None:
    """monday: of the week whose visits are due."""
    due = visits_due_on(monday, parts.submission_days)
    text = (
        f"The visits of the week {formats.week(monday)} are due by the end of {due:%A} {formats.day(due)}. If you have "
        "sent them all, there is nothing to do."
    )
    _write(transaction, parts, account, "Visits are due tomorrow", text, "/visits-files")


def case_changed(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    sentence: str,
    path: str,
    lines: Sequence[str] = (),
) -> None:
    """sentence: what the council did, such as `The council has raised a dispute.`; it is the subject line too.

    lines: what else there is to say of it.
    """
    text = "\n".join((sentence, "", *lines)) if lines else sentence
    _write(transaction, parts, account, sentence.rstrip("."), text, path)


def came_for_council(
    transaction: Transaction,
    parts: Parts,
    account: Account,
    subject_line: str,
    came: Sequence[tuple[str, str]],
) -> None:
    """came: what is new, each with the path of its page."""
    lines = [f"{line}:\n{parts.public_url}{path}" for line, path in came[:MOST_LINES]]
    if len(came) > MOST_LINES:
        lines.append(f"and {len(came) - MOST_LINES} more.")
    _write(transaction, parts, account, subject_line, "\n\n".join(("This came for you.", *lines)), "/")


def waits_for_council(
    transaction: Transaction, parts: Parts, account: Account, subject_line: str, lines: Sequence[str]
) -> None:
    """lines: how many of each there are."""
    text = "\n".join(("What waits:", "", *(f"- {line}" for line in lines)))
    _write(transaction, parts, account, subject_line, text, "/")


def _write(
    transaction: Transaction, parts: Parts, account: Account, subject_line: str, text: str, path: str
) -> None:
    whole = (
        f"{text}\n\n{parts.public_url}{path}\n\nYou subscribed to these letters. To stop them: "
        f"{parts.public_url}/notifications\n"
    )
    mail.write(transaction, parts.vault, account.email, subject_line, whole, parts.clock())
