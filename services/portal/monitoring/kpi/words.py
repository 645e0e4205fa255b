"""The words of KPIs besides those of measures: names and definitions (RULES 16)."""

from __future__ import annotations

import calendar
from typing import Final, NamedTuple

from libs.common.care.cases import ACTION, DISPUTE, ENQUIRY


class FigureWords(NamedTuple):
    """What a figure is called, counted in, and means."""

    name: str
    unit: str
    definition: str


_MEDIAN: Final = (
    "From the day of raising to the day of the first answer, 0 on the same day: the median, of an even number the mean "
    "of the middle two. Those without an answer are left out."
)
CASES: Final[dict[str, dict[str, FigureWords]]] = {
    DISPUTE: {
        "raised": FigureWords(
            "Disputes raised", "count", "Disputes that the council raised with the provider in this time."
        ),
        "median_days": FigureWords("Days to answer disputes", "days", f"{_MEDIAN} The provider answers."),
        "open": FigureWords(
            "Disputes still open", "count", "Disputes raised in this time that are not over today."
        ),
    },
    ACTION: {
        "raised": FigureWords(
            "Actions raised", "count", "Actions that the council began with the provider in this time."
        ),
        "median_days": FigureWords("Days to answer actions", "days", f"{_MEDIAN} The provider answers."),
        "open": FigureWords(
            "Actions still open", "count", "Actions begun in this time that are not closed today."
        ),
    },
    ENQUIRY: {
        "raised": FigureWords(
            "Payment enquiries raised", "count", "Payment enquiries that the provider raised in this time."
        ),
        "median_days": FigureWords(
            "Days to answer payment enquiries", "days", f"{_MEDIAN} The council answers."
        ),
        "open": FigureWords(
            "Payment enquiries still open",
            "count",
            "Enquiries raised in this time that are not settled today.",
        ),
    },
}
"""By kind of case and by figure, in the order of the page."""
CASES_RAISED: Final = {
    DISPUTE: "Disputes raised",
    ACTION: "Actions raised",
    ENQUIRY: "Payment enquiries raised",
}
"""The headings of the lists of cases."""

CONCERNS: Final = {
    "concerns": FigureWords(
        "Concerns", "count", "Concerns about the provider that the council received in this time."
    ),
    "breach_notices": FigureWords(
        "Breach notices", "count", "Breach notices that the council sent to the provider in this time."
    ),
}

OFFERS: Final = {
    "offers": FigureWords(
        "Offers",
        "count",
        "Requisitions of care that were offered to the provider in this time, without those taken back.",
    ),
    "accepted": FigureWords("Offers accepted", "count", "Offers of this time that the provider accepted."),
    "declined": FigureWords("Offers declined", "count", "Offers of this time that the provider declined."),
    "lapsed": FigureWords("Offers lapsed", "count", "Offers of this time that nobody answered in time."),
    "median_hours": FigureWords(
        "Time to answer offers",
        "hours",
        "From the offer to its answer: the median of those accepted or declined, of an even number the mean of the "
        "middle two.",
    ),
}

FILES: Final = {
    "files": FigureWords(
        "Files", "count", "Visits files that updated the system in this time, by the day of the update."
    ),
    "rows": FigureWords("Rows", "count", "Rows of these files."),
    "rejected": FigureWords("Rejected rows", "count", "Rows of these files that were rejected."),
    "rejected_share": FigureWords(
        "Rejected rows in per cent", "per cent", "Rejected rows of all rows of these files."
    ),
    "late": FigureWords(
        "Late files",
        "count",
        "Weeks that begin in this time whose first visits came after the day on which they were due, as the payment "
        "calendar says it. A file that brings several such weeks counts once for each.",
    ),
}

SPANS: Final = {1: "1 month", 2: "2 months", 3: "3 months", 4: "4 months", 6: "6 months", 12: "12 months"}
"""How long a span may be; disputes takes these alone."""
MONTHS: Final = {number: calendar.month_name[number] for number in range(1, 13)}
