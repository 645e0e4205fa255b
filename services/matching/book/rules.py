"""Reading a row of the commissioned care file (RULES 2). Pure: text in, a care row or its errors out."""

import datetime as dt
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter
from typing import Any

from libs.common.care.names import fold, with_plain_dashes
from libs.common.care.reference import PAYMENT_METHODS
from libs.common.care.terms import FROM_START, Term
from libs.common.files.identifiers import identifier, is_spreadsheet_number
from libs.common.files.unreadable import why_no_date
from libs.common.files.values import (
    FIRST_BIRTHDAY,
    FIRST_DAY,
    LAST_DAY,
    parse_boolean,
    parse_date,
    parse_guid,
    parse_time,
    shown,
    without_spaces,
)
from services.matching.book.texts import text_faults

IDENTIFIERS = ("SSRef", "ClientRef", "NHSNumber")
UNITS = {"hr": "Hr", "payment": "Payment"}
FREQUENCIES = {"weekly": "Weekly", "one-off": "One-off"}
METHODS = {name.lower(): name for name in PAYMENT_METHODS}
COLLECTORS = {"": "Council", "council": "Council", "provider": "Provider"}
DAYS = {name: number for number, name in enumerate(["mon", "tue", "wed", "thu", "fri", "sat", "sun"])}
SLOT = re.compile(r"([A-Za-z]{3}) ?(\d{1,2}:\d{2}(?::\d{2})?) ?- ?(\d{1,2}:\d{2}(?::\d{2})?)")
# Longer numbers would not stay exact when they are multiplied by a week's seconds.
NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{0,9})?|\.[0-9]{1,9}")
OPEN_END = dt.date.max

Slots = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class CareRow:
    """A readable row: who, with whom, what, when, and the term that it says."""

    row: int
    cpli_id: int
    client: Mapping[str, Any]
    organisation_ref: str
    organisation_name: str
    organisation_address: str
    service_ref: str
    service_name: str
    contract: str
    service_level_ref: str
    service_level: str
    start_on: dt.date
    end_on: dt.date | None
    unit: str
    frequency: str
    pricing: str
    payment_method: str
    authorised: bool
    timetable: tuple[tuple[int, int, int], ...]
    suspensions: tuple[tuple[dt.date, dt.date, str], ...]
    cost_centre: str
    subjective: str
    service_group_class: str
    council_ref: str
    term: Term
    notes: tuple["CareError", ...] = ()
    critical_slots: tuple[tuple[int, int, int], ...] = ()
    one_diary: bool | None = None

    def __reduce__(self) -> tuple[type["CareRow"], tuple[Any, ...]]:
        """For pickling; what a dataclass does by itself takes several times as long."""
        return CareRow, _values_of(self)

    def as_json(self) -> str:
        """As the history of its CPLI keeps it."""
        facts = dict(zip(_NAMES, _values_of(self), strict=True))
        facts |= {"term": asdict(self.term), "notes": list(map(asdict, self.notes))}
        return json.dumps(facts, default=str)


_NAMES = tuple(one.name for one in fields(CareRow))
_values_of: Callable[[CareRow], tuple[Any, ...]] = attrgetter(*_NAMES)


@dataclass(frozen=True, slots=True)
class CareError:
    """Why a care row is rejected, or what is to be known of one that is taken: the row as a spreadsheet numbers it, and a sentence that says what to do."""

    row: int
    ref: str
    column: str
    code: str
    message: str


@dataclass(slots=True)
class Reader:
    """Reads one row's cells and collects every error."""

    row: int
    cells: Mapping[str, str]
    errors: list[CareError] = field(default_factory=list)
    notes: list[CareError] = field(default_factory=list)

    def reject(self, column: str, code: str, message: str) -> None:
        """Note a reason against this row."""
        self.errors.append(self._said(column, code, message))

    def note(self, column: str, code: str, message: str) -> None:
        """Note what is to be known of this row though it is taken."""
        self.notes.append(self._said(column, code, message))

    def _said(self, column: str, code: str, message: str) -> CareError:
        return CareError(self.row, shown(self.cells["CpliId"]), column, code, message)

    def has_error(self, *columns: str) -> bool:
        """Whether one of these columns is wrong already."""
        return any(error.column in columns for error in self.errors)

    def text(self, column: str) -> str:
        """A cell that must not be empty."""
        if not self.cells[column]:
            self.reject(column, "missing", f"{column} is empty: fill it in.")
        return self.cells[column]

    def date(self, column: str, first: dt.date = FIRST_DAY, last: dt.date = LAST_DAY) -> dt.date | None:
        """A date from ``first`` to ``last``, or None when the cell is empty or (an error) unreadable."""
        text = self.cells[column]
        day = parse_date(text, first, last) if text else None
        if text and day is None:
            self.reject(
                column, "date_unreadable", f"{column} “{shown(text)}” {why_no_date(text, first.year)}."
            )
        return day

    def end_date(self) -> dt.date | None:
        """EndDate; one after all days that can be read means that there is none, with a note (RULES 2)."""
        day = self.date("EndDate", last=dt.date.max)
        if day is None or day <= LAST_DAY:
            return day
        message = (
            f"EndDate {shown(self.cells['EndDate'])} is after {LAST_DAY.year}, so the package has no end."
        )
        self.note("EndDate", "end_is_open", message)
        return None

    def number(self, column: str) -> Decimal | None:
        """A number of zero or more, or None when the cell is empty or (an error) unreadable."""
        text = self.cells[column]
        if not text:
            return None
        if NUMBER.fullmatch(text):
            return Decimal(text)
        self.reject(
            column, "number_unreadable", f"{column} “{shown(text)}” is not a number: write it as 23.226."
        )
        return None

    def required_number(self, column: str) -> Decimal:
        """A number that must be there."""
        self.text(column)
        return self.number(column) or Decimal(0)

    def choice(self, column: str, allowed: Mapping[str, str]) -> str:
        """One of the allowed words, in any letter case."""
        text = self.cells[column]
        known = allowed.get(fold(text))
        if known is None:
            words = ", ".join(dict.fromkeys(allowed.values()))
            self.reject(
                column, f"{column}_unknown".lower(), f"{column} “{shown(text)}” is not known: use {words}."
            )
        return known or ""

    def identifier(self, column: str) -> str:
        """An identifier, or empty; a word such as NULL is empty, and what a spreadsheet made of one is an error."""
        text = identifier(self.cells[column])
        if is_spreadsheet_number(text):
            self.reject(
                column,
                "spreadsheet_number",
                f"{column} “{text}” is what a spreadsheet made of a long number, so its other digits are lost: send it as"
                " your system shows it.",
            )
        return text

    def guid(self, column: str) -> str:
        """A GUID in upper case, or empty."""
        text = self.identifier(column)
        guid = parse_guid(text) if text else ""
        if guid is None and not is_spreadsheet_number(text):
            self.reject(
                column,
                "guid_malformed",
                f"{column} “{shown(text)}” is not a GUID: send it as your system shows it.",
            )
        return guid or ""

    def boolean(self, column: str) -> bool:
        """Yes or no; empty is no."""
        text = self.cells[column]
        value = parse_boolean(text) if text else False
        if value is None:
            self.reject(
                column, "boolean_unreadable", f"{column} “{shown(text)}” is neither yes nor no: write Y or N."
            )
        return bool(value)


def parse_care_row(row: int, cells: Mapping[str, str]) -> CareRow | list[CareError]:
    """A care row, or every reason why it is rejected (RULES 2). ``cells`` are cleaned, by heading."""
    read = Reader(row, cells)
    for fault in text_faults(cells):
        read.reject(*fault)
    cpli_id = cells["CpliId"]
    if not (cpli_id.isascii() and cpli_id.isdigit() and len(cpli_id) <= 18):
        read.reject(
            "CpliId",
            "number_unreadable",
            f"CpliId “{shown(cpli_id)}” is not a number: send the id of the line item.",
        )
    start_on, end_on = read.date("StartDate"), read.end_date()
    read.text("StartDate")
    if start_on and end_on and end_on < start_on:
        read.reject(
            "EndDate",
            "end_before_start",
            f"EndDate {cells['EndDate']} is before StartDate {cells['StartDate']}.",
        )
    client = read_client(read)
    timetable, critical_slots = read_timetable(read)
    care = CareRow(
        row=row,
        cpli_id=0 if read.errors else int(cpli_id),
        client=client,
        organisation_ref=read.guid("OrganisationRef"),
        organisation_name=read.text("OrganisationName"),
        organisation_address=cells["OrganisationAddress"],
        service_ref=read.guid("ServiceRef"),
        service_name=read.text("ServiceName"),
        contract=read.text("Contract"),
        service_level_ref=read.guid("ServiceLevelRef"),
        service_level=read.text("ServiceLevel"),
        start_on=start_on or FROM_START,
        end_on=end_on,
        unit=read.choice("Unit", UNITS),
        frequency=read.choice("Frequency", FREQUENCIES),
        pricing=cells["Pricing"],
        payment_method=read.choice("PaymentMethod", METHODS),
        authorised=read.boolean("Authorised"),
        timetable=timetable,
        suspensions=read_suspensions(read),
        cost_centre=cells["CostCentre"],
        subjective=cells["Subjective"],
        service_group_class=cells["ServiceGroupClass"],
        council_ref=cells["CouncilRef"],
        term=read_term(read, start_on),
        notes=tuple(read.notes),
        critical_slots=critical_slots,
        one_diary=read.boolean("OneDiary") if cells["OneDiary"] else None,
    )
    return read.errors or care


def read_client(read: Reader) -> dict[str, Any]:
    """The person, by at least one of the three identifiers."""
    cells = read.cells
    client = {
        "ssref": read.identifier("SSRef") or None,
        "client_ref": read.guid("ClientRef") or None,
        "nhs_number": without_spaces(read.identifier("NHSNumber")) or None,
    }
    if not any(client.values()) and not read.has_error(*IDENTIFIERS):
        read.reject(
            "SSRef", "client_missing", "SSRef, ClientRef and NHSNumber are all empty: fill in one of them."
        )
    names = {"title": cells["Title"], "forename": cells["Forename"], "surname": cells["Surname"]}
    return client | names | {"date_of_birth": read.date("DateOfBirth", FIRST_BIRTHDAY)}


def read_term(read: Reader, start_on: dt.date | None) -> Term:
    """The dated part of the row; an EffectiveFrom that is empty or not after the start holds from the start."""
    effective_from = read.date("EffectiveFrom")
    if effective_from is None or (start_on and effective_from <= start_on):
        effective_from = FROM_START
    return Term(
        effective_from=effective_from,
        quantity=read.required_number("Quantity"),
        unit_cost=read.required_number("UnitCost"),
        assessed_contribution=read.number("AssessedContribution"),
        collected_by=read.choice("ContributionCollectedBy", COLLECTORS),
    )


def read_timetable(read: Reader) -> tuple[Slots, Slots]:
    """``Mon 08:00-09:00; …`` as (weekday, entry, exit), and those of them that a ``!`` marks as time-critical.

    Empty when the week is one flexible diary.
    """
    slots, critical = [], []
    for part in filter(None, map(str.strip, read.cells["Timetable"].split(";"))):
        slot = parse_slot(part.removesuffix("!").rstrip())
        if slot is None:
            read.reject(
                "Timetable",
                "timetable_unreadable",
                f"Timetable “{shown(part)}” can't be read: write it as Mon 08:00-09:00.",
            )
            return (), ()
        slots.append(slot)
        if part.endswith("!"):
            critical.append(slot)
    return tuple(slots), tuple(critical)


def parse_slot(text: str) -> tuple[int, int, int] | None:
    """``Mon 08:00-09:00``, with any kind of dash, as (0, 28800, 32400), or None."""
    found = SLOT.fullmatch(with_plain_dashes(text))
    if not found:
        return None
    day, entry, exit_ = DAYS.get(found[1].lower()), parse_time(found[2]), parse_time(found[3])
    if day is None or entry is None or exit_ is None or entry == exit_:
        return None
    return _shared_slot(day, entry, exit_)


@lru_cache(maxsize=65_536)
def _shared_slot(day: int, entry: int, exit_: int) -> tuple[int, int, int]:
    """The same slot for all rows that have it: of a large file few are different."""
    return day, entry, exit_


def read_suspensions(read: Reader) -> tuple[tuple[dt.date, dt.date, str], ...]:
    """``from-to reason; …`` as (first day, last day, reason), both included; an empty *to* has no end."""
    suspensions = []
    for part in filter(None, map(str.strip, read.cells["Suspensions"].split(";"))):
        suspension = parse_suspension(part)
        if suspension is None:
            read.reject(
                "Suspensions",
                "date_unreadable",
                f"Suspensions “{shown(part)}” can't be read: write it as 03/10/2022-09/10/2022 holiday.",
            )
            return ()
        suspensions.append(suspension)
    return tuple(suspensions)


def parse_suspension(text: str) -> tuple[dt.date, dt.date, str] | None:
    """The dates may themselves hold dashes and spaces, so every dash is tried as the one between them."""
    for at in (found.start() for found in re.finditer("-", with_plain_dashes(text))):
        first = parse_date(text[:at].strip())
        if first is None:
            continue
        rest = text[at + 1 :]
        words = rest.strip().split(" ")
        for count in (3, 1):
            last = parse_date(" ".join(words[:count]))
            if last is not None:
                return (first, last, " ".join(words[count:])) if first <= last else None
        # What stands where the last day belongs must not pass for a reason: it would suspend for ever.
        is_open = not rest or (rest[0] == " " and not words[0][:1].isdigit())
        return (first, OPEN_END, " ".join(words)) if is_open else None
    return None
