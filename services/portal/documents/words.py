"""The words that pages use for contract documents (RULES 11, [003])."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from libs.common.care.clock import london_day
from libs.common.seams.matching.documents import DocumentNote
from services.portal.web.names.people import THE_COUNCIL

STATES: Final = {
    "published": ("To be answered", "govuk-tag--yellow"),
    "agreed": ("Agreed", "govuk-tag--green"),
    "rejected": ("Rejected", "govuk-tag--red"),
}
STATUSES: Final = {status: words for status, (words, _) in STATES.items()}

KINDS: Final = {
    "set_up": "Care set up",
    "ended": "End date set or changed",
    "reopened": "End date taken away",
    "corrected": "Corrected after a rejection",
    "again": "Published again after a rejection",
}
"""Why a document was published."""

MOVES: Final = {
    "publish": "Published",
    "agree": "Agreed",
    "reject": "Rejected",
    "agree_manually": "Agreed Manually",
}
OF_THE_COUNCIL: Final = ("publish", "agree_manually")
AUTOMATICALLY: Final = "Agreed automatically on {day}: there was no answer within seven days"


def note_in_words(note: DocumentNote, people: Mapping[str, str], *, is_council: bool) -> str:
    """As [003] writes it: *Rejected by jo@example.org on 28/11/2022. Reason: The start date is incorrect.*

    people: names of who did things, as the reader may see them; to a provider the council is one.
    """
    day = day_text(london_day(dt.datetime.fromisoformat(note["at"])))
    if note["move"] not in MOVES:
        return AUTOMATICALLY.format(day=day)
    is_whole = note["move"] in OF_THE_COUNCIL and not is_council
    name = THE_COUNCIL if is_whole else people.get(note["who"], note["who"])
    reason = f". Reason: {note['reason']}" if note["reason"] else ""
    return f"{MOVES[note['move']]} by {name} on {day}{reason}"


def day_text(day: dt.date | str | None) -> str:
    """03/10/2022, as documents write it; nothing for none."""
    if not day:
        return ""
    return f"{dt.date.fromisoformat(day) if isinstance(day, str) else day:%d/%m/%Y}"
