"""Invoices and credit notes in words (RULES 13)."""

from __future__ import annotations

from typing import Final

KINDS: Final = {"invoice": "Invoice", "credit_note": "Credit note"}
LINE_KINDS: Final = {"cost": "Cost", "income": "Income"}
TERMS: Final = {"schedule": "Schedule", "invoice": "Invoice"}
STATES: Final = {
    "Unsubmitted": ("Unsubmitted", "govuk-tag--grey"),
    "Pending": ("Pending", "govuk-tag--yellow"),
    "Accepted": ("Accepted", "govuk-tag--green"),
    "Rejected": ("Rejected", "govuk-tag--red"),
    "Paid": ("Paid", "govuk-tag--blue"),
}
"""Of an invoice or credit note: words, and the class of their tag."""
ACCEPTED: Final = ("Accepted", "Paid")
"""The states of what was accepted, whatever became of it since."""
EXEMPT: Final = "Exempt"


def rate_in_words(rate: str) -> str:
    """20%, or Exempt."""
    return EXEMPT if rate == "0" else f"{rate}%"


NOTHING_TO_INVOICE: Final = "There are no items to invoice"
