"""Care files: checked, imported, cancelled (RULES 2)."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from libs.common.seams.matching.line_items import FieldChange

CareState = Literal["checking", "checked", "importing", "imported", "refused", "cancelled", "failed"]


class CareCounts(TypedDict):
    """How many rows bring what."""

    new: int
    changed: int
    unchanged: int
    rejected: int


class CareFault(TypedDict):
    """What is wrong with a cell of a row; ``position``: among all errors of the file, in a page of them."""

    row: int
    ref: str
    column: str
    code: str
    message: str
    position: NotRequired[int]


class CareNote(TypedDict):
    """Something to know about rows that are taken: the first row that has it, and how many have."""

    code: str
    rows: int
    row: int
    message: str


class CareAdvice(TypedDict):
    """How many rows have one kind of error."""

    code: str
    column: str
    rows: int


class CareChange(TypedDict):
    """What a file changes of a line item."""

    cpli_id: int
    row: int
    fields: list[FieldChange]


class Renaming(TypedDict):
    """A name before and after."""

    before: str
    after: str


class CareRenamed(TypedDict):
    """Whom and what a file calls otherwise than before."""

    organisations: list[Renaming]
    services: list[Renaming]


class OpenAndFinalised(TypedDict):
    """Pounds of open periods, and of finalised ones."""

    open: str
    finalised: str


class ForecastProvider(OpenAndFinalised):
    """What a file would post of a provider's care, and what the care costs a week."""

    organisation: str
    weekly_before: str | None
    weekly_after: str | None
    deductions: OpenAndFinalised


class ForecastMethod(OpenAndFinalised):
    """A line item that would be paid in another way."""

    cpli_id: int
    client: str
    before: str
    after: str


class CareForecast(TypedDict):
    """What a file would change in money, as payments works it out."""

    providers: list[ForecastProvider]
    charges: OpenAndFinalised
    methods: list[ForecastMethod]


class CareFile(TypedDict):
    """A care file in a list of them."""

    id: str
    file_name: str
    state: CareState
    imported_by: str
    imported_at: str
    counts: CareCounts | None


class CareImport(TypedDict):
    """A care import as the command line prints it: its first errors, and how many more there are."""

    id: str
    state: CareState
    refusal: str | None
    counts: CareCounts | None
    errors: list[CareFault] | None
    errors_left_out: int
    renamed: CareRenamed | None
    reference_version: int | None
    notes: list[CareNote]


class CareCheck(TypedDict):
    """What a care file would change, or has changed; ``forecast`` is None until payments has worked it out.

    ``rejected_key`` is where its rejected rows lie, once there are some.
    """

    id: str
    file_name: str
    state: CareState
    refusal: str | None
    check_version: int
    also_changed: dict[str, int] | None
    renamed: CareRenamed | None
    changes: list[CareChange] | None
    notes: list[CareNote] | None
    forecast: CareForecast | None
    reference_version: int | None
    imported_by: str
    imported_at: str
    confirmed_by: str | None
    confirmed_at: str | None
    counts: CareCounts | None
    errors_left_out: int
    advice: list[CareAdvice]
    rejected_key: str | None
