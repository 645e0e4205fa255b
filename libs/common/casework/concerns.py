"""Concerns about providers: states, who raises them and what is said of their end, stated once (RULES 16). Pure.

Disputes keeps to it; pages, forms and the API read it. What may be done in which state is
`services.disputes.concerns.rules`.
"""

from __future__ import annotations

from typing import Final

RECEIVED: Final = "Received"
INVESTIGATING: Final = "Investigating"
UNFOUNDED: Final = "Unfounded"
REMEDIED: Final = "Remedied"
REFERRED: Final = "Referred"
BREACH_NOTICE: Final = "Breach Notice"
CLOSED: Final = "Closed"
STATES: Final = (RECEIVED, INVESTIGATING, UNFOUNDED, REMEDIED, REFERRED, BREACH_NOTICE, CLOSED)
OPEN: Final = STATES[:-1]
"""What a list shows when no state is named."""

SENT: Final = "Sent"
ANSWERED: Final = "Answered"
ACCEPTED: Final = "Accepted"
OVER: Final = "Over"
NOTICE_STATES: Final = (SENT, ANSWERED, ACCEPTED, OVER)
"""Of a breach notice. *Over*: the council went on, or closed the concern, without accepting an answer."""

SOURCES: Final = ("client", "family", "social_worker", "placement", "finance", "commissioning")
"""Who raised a concern; whoever writes it down is a colleague."""
ABOUT: Final = ("charge_query", "dispute", "visit")
"""From what else a concern was raised, if from anything."""
REFERRALS: Final = ("quality_improvement", "safeguarding")
"""The team that a concern is referred to."""
ENDINGS: Final = ("new_provider", "personal_budget")
"""What a closed concern ended in, if in anything."""

COMMISSIONING: Final = "commissioning"
"""The role of the council's people who see concerns, as callers name it (`staff`)."""

FIRST_KINDS: Final = ("Late", "Missed", "Short", "Conduct", "Communication", "Other")
"""The kinds that a council begins with; it adds and retires kinds."""
LONGEST_KIND: Final = 60
LONGEST_GROUP: Final = 100
MOST_VISITS: Final = 200
MOST_IN_A_GROUP: Final = 500
MOST_MONTHS: Final = 36
"""Of trends at once."""
