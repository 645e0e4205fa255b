"""Which days of care are measured otherwise when a CPLI says something else (RULES 16). Pure: values in, values out."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from libs.common.care.terms import Term, term_on

Facts = Mapping[str, Any]

MEASURED_BY = (
    "client_id",
    "organisation_id",
    "service_id",
    "service_level",
    "unit",
    "payment_method",
    "authorised",
    "timetable",
    "critical_slots",
)
"""What of a CPLI counts on each of its days; its dates and suspensions count on the days that they name."""
DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days of an organisation, both included."""

    organisation_id: str
    first: date
    last: date


def changed_spans(before: Facts | None, after: Facts) -> Iterator[Span]:
    """The days that a CPLI's new facts touch; ``before`` is None for a new one."""
    if before is None or any(before[name] != after[name] for name in MEASURED_BY):
        yield from (span_of(facts) for facts in (before, after) if facts is not None)
        return
    organisation_id = after["organisation_id"]
    (first_before, last_before), (first_after, last_after) = span_of(before)[1:], span_of(after)[1:]
    if first_before != first_after:
        later = max(first_before, first_after)
        yield Span(organisation_id, min(first_before, first_after), later - DAY)
    if last_before != last_after:
        earlier = min(last_before, last_after)
        yield Span(organisation_id, earlier + DAY, max(last_before, last_after))
    for first, last in days_suspended(before) ^ days_suspended(after):
        yield Span(organisation_id, date.fromisoformat(first), date.fromisoformat(last))


def span_of(facts: Facts) -> Span:
    """All days of a CPLI."""
    return Span(facts["organisation_id"], facts["start_on"], facts["end_on"] or date.max)


def days_suspended(facts: Facts) -> set[tuple[str, str]]:
    """The first and the last day of each suspension, whatever the reason for it."""
    return {(first, last) for first, last, *_ in facts["suspensions"]}


def changed_from(terms: Sequence[Term], term: Term) -> date | None:
    """From which day on a new term has another Quantity hold; None where it has not, or where no term was known.

    ``terms`` are those before it, in order of their dates.
    """
    if not terms or quantity_on(terms, term.effective_from) == term.quantity:
        return None
    # the first term holds before its date too
    return term.effective_from if terms[0].effective_from < term.effective_from else date.min


def quantity_on(terms: Sequence[Term], day: date) -> Decimal:
    """The Quantity in force on a day."""
    return term_on(terms, day).quantity
