"""Builders of what matching and payments take: each gives something ordinary, but for what is said."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from libs.common.care.reference import DEFAULT_VISIT_TYPES
from libs.common.care.terms import FROM_START, Term
from libs.common.files.care_headings import OPTIONAL_HEADINGS, REQUIRED_HEADINGS
from libs.common.seams.events import VisitOfWeek
from services.matching.book.rules import (
    CareError,
    CareRow,
    parse_care_row,
)
from services.matching.matches.rules import Cpli, Slot, Visit
from services.payments.packages.rules import Package, VisitType

MONDAY = date(2022, 8, 1)
TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (MONDAY + timedelta(days=n) for n in range(1, 7))
RATE = Decimal("23.226")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

VISIT_TYPES = {
    type_.ref: VisitType(type_.ref, type_.paid, type_.charged, type_.basis or "")
    for type_ in DEFAULT_VISIT_TYPES
}
"""The table of RULES 6 as the council's list has it before the council changes it."""

DIAMOND = "5F54B181-1C7B-469E-B37C-4B93FA9EBE1E"
ZONE_6 = "2AF2A963-93C6-4ECD-921A-0DB130398ED3"
PERSONAL_CARE = "97D54925-7210-436E-8D97-9727CD416685"
ANOTHER_GUID = "11111111-2222-4333-8444-555555555555"


def seconds(clock: str) -> int:
    """``08:30`` or ``08:30:15`` as seconds since midnight."""
    hours, minutes, *rest = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + sum(rest)


def span(times: str) -> tuple[int, int]:
    """``08:30-09:00`` as seconds since midnight."""
    entry, exit_ = times.split("-")
    return seconds(entry), seconds(exit_)


def slot(text: str) -> Slot:
    """``Mon 08:30-09:00`` as a timetable holds it."""
    weekday, times = text.split(" ")
    return (WEEKDAYS.index(weekday), *span(times))


def a_term(
    effective_from: date = FROM_START,
    *,
    quantity: str = "7",
    unit_cost: str | Decimal = RATE,
    assessed: str | None = None,
    collected_by: str = "Council",
) -> Term:
    """A dated term: 7 hours a week at 23.226, full cost."""
    return Term(
        effective_from,
        Decimal(quantity),
        Decimal(unit_cost),
        None if assessed is None else Decimal(assessed),
        collected_by,
    )


def a_cpli(cpli_id: int = 1, *, timetable: Iterable[str] = (), hours: str = "7", **changes: Any) -> Cpli:
    """A care package line item of 7 authorised hours of Personal Care, from July and without end."""
    facts: dict[str, Any] = {
        "client_id": "agnes",
        "service_ref": ZONE_6,
        "service_name": "zone 6",
        "service_level": "personal care",
        "requires_visits": True,
        "payment_method": "Visits",
        "authorised": True,
        "start_on": date(2022, 7, 4),
        "end_on": None,
        "suspensions": (),
        "terms": (a_term(quantity=hours),),
    }
    return Cpli(cpli_id=cpli_id, timetable=frozenset(map(slot, timetable)), **(facts | changes))


def a_visit(
    visit_ref: str = "V1", planned_on: date = MONDAY, times: str = "09:00-10:00", **changes: Any
) -> Visit:
    """A visit of an hour on Monday that names its service and level."""
    entry, exit_ = span(times)
    facts = {"service_ref": "", "service_name": "zone 6", "service_level": "personal care"}
    return Visit(
        visit_ref=visit_ref,
        planned_on=planned_on,
        planned_entry=entry,
        planned_exit=exit_,
        **(facts | changes),
    )


def a_package(
    cpli_id: int = 1,
    *,
    start_on: date = date(2022, 7, 4),
    end_on: date | None = None,
    terms: Iterable[Term] = (),
    **term: Any,
) -> Package:
    """A care package line item as payments knows it, with one term from the start unless given its terms."""
    return Package(
        cpli_id=cpli_id,
        client_id="agnes",
        organisation_id="diamond",
        contract="DAPL",
        start_on=start_on,
        end_on=end_on,
        terms=tuple(terms) or (a_term(**term),),
    )


def a_paid_visit(
    visit_type: str = "DHS",
    planned_on: date = MONDAY,
    times: str = "09:00-10:00",
    *,
    delivered: int | None = None,
    visit_ref: str = "V1",
) -> VisitOfWeek:
    """A matched visit, delivered (in seconds) as planned when its type is a delivered one."""
    entry, exit_ = span(times)
    if delivered is None and visit_type in ("DHS", "DHF", "E"):
        delivered = (exit_ - entry) % 86_400
    return VisitOfWeek(visit_ref, visit_type, planned_on.isoformat(), entry, exit_, delivered)


def hours_delivered(hours: str, planned_on: date = MONDAY) -> VisitOfWeek:
    """So many hours of delivered care."""
    return a_paid_visit(planned_on=planned_on, delivered=int(Decimal(hours) * 3600))


def care_cells(**changes: str) -> Mapping[str, str]:
    """The cells of a readable care row by heading, as trimmed text."""
    cells = dict.fromkeys((*REQUIRED_HEADINGS, *OPTIONAL_HEADINGS), "") | {
        "CpliId": "156017",
        "SSRef": "A123456",
        "Title": "Mrs",
        "Forename": "Agnes",
        "Surname": "Hart",
        "DateOfBirth": "02/03/1938",
        "OrganisationRef": DIAMOND,
        "OrganisationName": "Diamond Home Care Ltd",
        "ServiceRef": ZONE_6,
        "ServiceName": "Diamond Home Care - Zone 6 - Oxford",
        "Contract": "DAPL",
        "ServiceLevelRef": PERSONAL_CARE,
        "ServiceLevel": "Personal Care",
        "StartDate": "04/07/2022",
        "Quantity": "7.00",
        "Unit": "Hr",
        "Frequency": "Weekly",
        "UnitCost": "23.226",
        "Pricing": "Timetabled",
        "PaymentMethod": "Visits",
        "Authorised": "Y",
        "Timetable": "Mon 09:00-09:30; Mon 20:00-20:30",
        "AssessedContribution": "56.20",
        "ContributionCollectedBy": "Council",
    }
    unknown = set(changes) - set(cells)
    assert not unknown, f"no such headings: {unknown}"
    return cells | changes


def a_care_row(row: int = 2, /, **changes: str) -> CareRow:
    """A readable row of a care file."""
    read = parse_care_row(row, care_cells(**changes))
    assert isinstance(read, CareRow), read
    return read


def care_errors(row: int = 2, /, **changes: str) -> list[CareError]:
    """Why a row of a care file is rejected; nothing when it is not."""
    read = parse_care_row(row, care_cells(**changes))
    return [] if isinstance(read, CareRow) else read
