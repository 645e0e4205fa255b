"""Requisitions and offers in words (RULES 16)."""

from __future__ import annotations

from typing import Any, Final

STATES: Final = {
    "to_offer": ("To offer to the next provider", "govuk-tag--yellow"),
    "offered": ("Offered", "govuk-tag--blue"),
    "accepted": ("Accepted", "govuk-tag--green"),
    "exhausted": ("Nobody is left to ask", "govuk-tag--red"),
    "withdrawn": ("Withdrawn", "govuk-tag--grey"),
}
"""Of a requisition: words, and the class of their tag."""
OFFERS: Final = {
    "offered": ("Waits for an answer", "govuk-tag--yellow"),
    "accepted": ("Accepted", "govuk-tag--green"),
    "declined": ("Declined", "govuk-tag--red"),
    "lapsed": ("Lapsed", "govuk-tag--grey"),
    "withdrawn": ("Withdrawn", "govuk-tag--grey"),
    "waiting": ("Not asked", "govuk-tag--grey"),
    "skipped": ("Skipped", "govuk-tag--purple"),
}
"""Of an offer, or of a provider that was not asked."""
REQUISITION_COLUMNS: Final[dict[str, Any]] = {
    "Number": "number",
    "List": "list",
    "Service": "service",
    "Service level": "service_level",
    "Hours a week": "hours",
    "Client": "client_reference",
    "Starts": "start_on",
    "State": lambda row, page: STATES[row["state"]][0],
    "Accepted by": lambda row, page: row["accepted_by"]["organisation"] if row["accepted_by"] else "",
    "Made": "made_at",
}
"""Of the file of requisitions."""
OFFER_COLUMNS: Final[dict[str, Any]] = {
    "Requisition": "number",
    "Service": "service",
    "Service level": "service_level",
    "Hours a week": "hours",
    "Starts": "start_on",
    "Offered": "offered_at",
    "Stands until": "lapses_at",
    "State": lambda row, page: OFFERS[row["state"]][0],
    "Reason": "reason",
    "Answered": "answered_at",
}
"""Of the file of offers."""
CHOICES: Final = {state: words for state, (words, _) in STATES.items()}
EXHAUSTED: Final = (
    "Every provider of the ranking was asked or skipped. Freeze a ranking with other providers and make a requisition "
    "anew, or arrange the care in another way."
)
