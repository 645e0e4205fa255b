"""Measures and thresholds in words: what each is called, counted in and means (RULES 16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.portal.web.formats import counted


class MeasureWords(NamedTuple):
    """A measure as people read it.

    key: its name in documents (`libs.common.seams.matching.monitoring.measures.Measures`).
    unit: ``count``, ``per cent``, ``hours`` or ``mean``.
    better: ``lower`` or ``higher``; None where neither is better by itself.
    definition: whole sentences that stand beside the figure, with the thresholds that hold unless others are set.
    """

    key: str
    name: str
    unit: str
    better: str | None
    definition: str


DEFAULTS: Final = {
    "late_minutes": 15,
    "early_minutes": 15,
    "short_per_cent": 80,
    "under_minutes": 30,
    "critical_minutes": 15,
    "very_late_is_missed": 0,
}
"""The thresholds of measures that hold unless others are set; matching keeps them."""

_MEASURES: Final = (
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
        "weeks for which the provider sent any visit, and only care that is paid by visits and requires "
        "them.{very_late}",
    ),
    MeasureWords(
        "late",
        "Late",
        "count",
        "lower",
        "Delivered visits that began more than {late_minutes} minutes after the planned time.",
    ),
    MeasureWords(
        "early",
        "Early",
        "count",
        "lower",
        "Delivered visits that began more than {early_minutes} minutes before the planned time.",
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
        "Delivered visits that lasted less than {short_per_cent} % of the planned time.",
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
        "Under {under_minutes} minutes",
        "per cent",
        "lower",
        "Of delivered visits, those that were planned for less than {under_minutes} minutes.",
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
        "Of time-critical slots, those with a delivered visit planned on the slot that began within {critical_minutes} "
        "minutes of it. Slots that only have cancelled, frustrated or hospital visits are left out.",
    ),
)


def measures_in_words(thresholds: Mapping[str, int]) -> tuple[MeasureWords, ...]:
    """All measures, in the order in which documents and pages name them, by these thresholds."""
    very_late = " Very late visits count too." if thresholds["very_late_is_missed"] else ""
    values = {**thresholds, "very_late": very_late}
    return tuple(
        one._replace(name=one.name.format(**values), definition=one.definition.format(**values))
        for one in _MEASURES
    )


MEASURES: Final = measures_in_words(DEFAULTS)
"""All measures, as they are unless the council sets other thresholds."""
BY_KEY: Final = {measure.key: measure for measure in MEASURES}
ONE_DIARY_WORDS: Final = (
    "Visits of care that is monitored by total hours (one diary) are left out of missed, late, early, very late, short "
    "and under 30 minutes."
)

RESTS: Final = {
    "logged_share": ("Visits that the carer logged", "Visits of which a time was overridden"),
    "under_30_share": ("Shorter visits", "The other delivered visits"),
    "time_critical_share": ("Slots that were kept", "Slots that were not kept"),
}
"""Of a share: what counts, and what it looked at that does not."""


class ThresholdWords(NamedTuple):
    """A threshold as people read it; ``unit``: minutes, per cent, weeks, or a yes or no."""

    name: str
    text: str
    unit: str
    hint: str


THRESHOLDS: Final = (
    ThresholdWords("late_minutes", "Late: more than", "minutes", "After the planned time."),
    ThresholdWords("early_minutes", "Early: more than", "minutes", "Before the planned time."),
    ThresholdWords("short_per_cent", "Short: less than", "per cent", "Of the planned time."),
    ThresholdWords("under_minutes", "Under 30 minutes: less than", "minutes", "Of planned time."),
    ThresholdWords(
        "critical_minutes", "Time-critical: begun within", "minutes", "Of the slot, before or after."
    ),
    ThresholdWords(
        "very_late_is_missed", "Very late visits count as missed too", "yes or no", "1 for yes, 0 for no."
    ),
    ThresholdWords(
        "under_delivery_per_cent",
        "Under-delivery: a week under",
        "per cent",
        "Of the hours commissioned.",
    ),
    ThresholdWords(
        "over_delivery_per_cent", "Over-delivery: a week above", "per cent", "Of the hours commissioned."
    ),
    ThresholdWords(
        "weeks_looked_at", "Under-delivery: looks at the last", "weeks", "That were sent and whole."
    ),
    ThresholdWords("weeks_wanted", "Under-delivery: at least", "weeks", "Of those looked at."),
)
"""In the order of pages."""
THRESHOLD_BY_NAME: Final = {one.name: one for one in THRESHOLDS}
THRESHOLD_STATES: Final = {
    "current": "in force",
    "coming": "coming",
    "past": "past",
    "replaced": "replaced",
}


def value_in_words(name: str, value: int) -> str:
    """15 minutes, 80 %, 6 weeks, yes."""
    unit = THRESHOLD_BY_NAME[name].unit
    if unit == "yes or no":
        return "yes" if value else "no"
    return f"{value} %" if unit == "per cent" else counted(value, unit.removesuffix("s"))
