"""Measures in words: what each is called, counted in and means (RULES 16)."""

from __future__ import annotations

from typing import Final, NamedTuple


class MeasureWords(NamedTuple):
    """A measure as people read it.

    key: its name in documents (`libs.common.seams.matching.measures.Measures`).
    unit: ``count``, ``per cent``, ``hours`` or ``mean``.
    better: ``lower`` or ``higher``; None where neither is better by itself.
    definition: whole sentences that stand beside the figure. Minutes and per cent are the defaults of thresholds.
    """

    key: str
    name: str
    unit: str
    better: str | None
    definition: str


MEASURES: Final = (
    MeasureWords(
        "delivered", "Delivered", "count", None, "Visits of a delivered type. Only line items of hours count."
    ),
    MeasureWords(
        "frustrated",
        "Frustrated",
        "count",
        "lower",
        "Visits of types C and U: paid for, though the carer could not give the care.",
    ),
    MeasureWords(
        "cancelled", "Cancelled", "count", None, "Visits of type C24: cancelled a day or more before."
    ),
    MeasureWords("hospital", "Hospital", "count", None, "Visits of type H: the client was in hospital."),
    MeasureWords(
        "missed",
        "Missed",
        "count",
        "lower",
        "Slots of the timetable, for each carer wanted, for which no visit of any type was sent that day. Only days of "
        "weeks for which the provider sent any visit, and only care that is paid by visits and requires them. "
        "Very late visits count too where the thresholds say so.",
    ),
    MeasureWords(
        "late",
        "Late",
        "count",
        "lower",
        "Delivered visits that began more than 15 minutes after the planned time.",
    ),
    MeasureWords(
        "early",
        "Early",
        "count",
        "lower",
        "Delivered visits that began more than 15 minutes before the planned time.",
    ),
    MeasureWords(
        "very_late",
        "Very late",
        "count",
        "lower",
        "Delivered visits that did not begin before the client’s next visit of that day was planned to.",
    ),
    MeasureWords(
        "short",
        "Short",
        "count",
        "lower",
        "Delivered visits that lasted less than 80 % of the planned time.",
    ),
    MeasureWords(
        "logged_share",
        "Logged",
        "per cent",
        "higher",
        "Of delivered visits, those whose times the carer logged: neither entry nor exit was overridden.",
    ),
    MeasureWords(
        "under_30_share",
        "Under 30 minutes",
        "per cent",
        "lower",
        "Of delivered visits, those that were planned for less than 30 minutes.",
    ),
    MeasureWords(
        "continuity",
        "Carers for each client",
        "mean",
        "lower",
        "The number of different carers of a client’s delivered visits, as the mean over clients. Visits that name no "
        "carer are left out.",
    ),
    MeasureWords("hours_delivered", "Hours delivered", "hours", None, "Hours of delivered visits."),
    MeasureWords(
        "hours_commissioned",
        "Hours commissioned",
        "hours",
        None,
        "Hours that the council commissioned for days of weeks for which the provider sent any visit, of care that is "
        "paid by visits and requires them.",
    ),
    MeasureWords(
        "time_critical_share",
        "Time-critical slots kept",
        "per cent",
        "higher",
        "Of time-critical slots, those with a delivered visit planned on the slot that began within 15 minutes of it. "
        "Slots that only have cancelled, frustrated or hospital visits are left out.",
    ),
)
"""All measures, in the order in which documents and pages name them."""

BY_KEY: Final = {measure.key: measure for measure in MEASURES}
