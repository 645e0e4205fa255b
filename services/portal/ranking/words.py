"""Rankings in words (RULES 16)."""

from __future__ import annotations

from typing import Final

from libs.common.care.quarters import parse_quarter
from libs.common.seams.matching.monitoring.ranking import RANKABLE
from services.portal.monitoring.words import BY_KEY

APPEALS: Final = {
    "waiting": ("Waits for the council", "govuk-tag--yellow"),
    "upheld": ("Upheld", "govuk-tag--green"),
    "dismissed": ("Dismissed", "govuk-tag--red"),
}
"""Of an appeal: words, and the class of their tag."""
WHOLES: Final = {
    "frustrated": "delivered visits",
    "cancelled": "delivered visits",
    "hospital": "delivered visits",
    "missed": "slots wanted",
    "late": "delivered visits that are looked at singly",
    "early": "delivered visits that are looked at singly",
    "very_late": "delivered visits that are looked at singly",
    "short": "delivered visits that are looked at singly",
}
"""Counts enter a ranking as per cent of these."""
MEAN: Final = "continuity"
NAMES: Final = {measure: BY_KEY[measure].name for measure in RANKABLE}


def unit_of(measure: str) -> str:
    """What stands behind a figure: a sign of per cent, or nothing for a mean."""
    return "" if measure == MEAN else " %"


def definition_of(measure: str) -> str:
    """What a measure is, as a ranking takes it."""
    whole = WHOLES.get(measure)
    taken = f" Taken as per cent of {whole}." if whole else ""
    return BY_KEY[measure].definition + taken


def quarter_in_words(text: str) -> str:
    """July to September 2026 for 2026-Q3."""
    found = parse_quarter(text)
    return text if found is None else f"{found.first:%B} to {found.last:%B %Y}"
