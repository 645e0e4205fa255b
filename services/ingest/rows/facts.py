"""What the rules take and give: what is known when a file is checked, and what a readable row becomes."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from libs.common.files.identifiers import by_digits
from libs.common.files.warnings import FileWarning


class ServiceFact(NamedTuple):
    """A service of the uploading organisation. `ref` is '' while no ref is known; former names are folded."""

    ref: str
    name: str
    contract: str
    former_names: frozenset[str] = frozenset()


class LevelFact(NamedTuple):
    """A service level of the council's list; its ref is known only from the care that names it."""

    ref: str | None
    name: str
    requires_visits: bool


class VisitTypeFact(NamedTuple):
    """A visit type of the council's table (RULES 6)."""

    ref: str
    delivered: bool
    paid: bool


@dataclass(frozen=True, slots=True)
class Reference:
    """What the council and the uploading organisation know. Names are keys in folded form, refs in upper case."""

    organisation_id: uuid.UUID
    organisation_name: str
    organisation_ref: str | None
    services: Mapping[str, ServiceFact]
    """By folded name, former names too."""
    service_refs: Mapping[str, ServiceFact]
    foreign_service_refs: frozenset[str]
    levels: Mapping[str, LevelFact]
    """By folded name, aliases too."""
    level_refs: Mapping[str, LevelFact]
    visit_types: Mapping[str, VisitTypeFact]
    carers: frozenset[str]
    deletable: Container[str]
    """VisitRefs known for this organisation, already deleted ones too."""
    former_names: frozenset[str] = frozenset()
    """Of the organisation."""
    foreign_organisation_refs: frozenset[str] = frozenset()
    """Refs of other organisations; needed while this one's is not known."""
    clients: frozenset[str] = frozenset()
    """References of the organisation's clients that are digits alone: those that a spreadsheet can change."""
    carers_by_digits: Mapping[str, str] = field(init=False)
    clients_by_digits: Mapping[str, str] = field(init=False)
    """References with leading noughts, by what a spreadsheet leaves of them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "carers_by_digits", by_digits(self.carers))
        object.__setattr__(self, "clients_by_digits", by_digits(self.clients))


class Visit(NamedTuple):
    """A readable row. Times are seconds since midnight; text that is absent is '', and all else that is, None."""

    visit_ref: str
    planned_on: dt.date
    planned_entry: int
    planned_exit: int
    visit_type: str
    delivered_on: dt.date | None
    delivered_entry: int | None
    delivered_exit: int | None
    entry_overridden: bool | None
    entry_override_reason: str
    exit_overridden: bool | None
    exit_override_reason: str
    variance_reason: str
    comments: str
    client_ref: str
    ssref: str
    nhs_number: str
    service_level: str
    carer_ref: str
    service_ref: str
    service_name: str
    issues: tuple[str, ...] = ()

    def digest(self) -> bytes:
        """16 bytes that are equal when all parsed values are: RULES 4 calls such a visit unchanged.

        Issues are left out, because they follow from the values and the council's lists. The separator is a control
        character, which no accepted value holds.
        """
        text = "\x1f".join(map(str, self[:-1]))
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


@dataclass(slots=True)
class RowError:
    """Why a row is rejected, or what is doubtful in a row that is stored: the row as a spreadsheet numbers it."""

    row: int
    ref: str
    column: str
    code: str
    message: str
    value: str


@dataclass(slots=True)
class Checked:
    """A file's rows by what becomes of them. `errors` hold every reason of every rejected row."""

    accepted: list[tuple[int, Visit]] = field(default_factory=list)
    deletions: list[tuple[int, str]] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    file_warnings: list[FileWarning] = field(default_factory=list)
