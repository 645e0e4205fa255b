"""Carers of a provider, and files of them (RULES 2, 3)."""

from __future__ import annotations

from typing import TypedDict


class Carer(TypedDict):
    """A carer, whom visits name by the ref."""

    carer_ref: str
    forename: str
    surname: str


class RenamedCarer(TypedDict):
    """A carer to whom a file gives another name."""

    ref: str
    before: str
    after: str


class CarerError(TypedDict):
    """Why a row of a carers file is rejected."""

    row: int
    ref: str
    column: str
    code: str
    message: str


class ImportedCounts(TypedDict):
    """Rows of a carers file that was taken."""

    read: int
    new: int
    rejected: int


class CheckedCounts(TypedDict):
    """Rows of a carers file, by what taking it would do."""

    read: int
    new: int
    changed: int
    unchanged: int
    rejected: int


class ImportedCarers(TypedDict):
    """What became of a carers file; ``organisation_known``: care has named the organisation."""

    counts: ImportedCounts
    changes: list[RenamedCarer]
    errors: list[CarerError]
    organisation_known: bool


class CheckedCarers(TypedDict):
    """What taking a carers file would do: the first changes and errors, and the counts of all."""

    organisation: str
    counts: CheckedCounts
    changes: list[RenamedCarer]
    errors: list[CarerError]


class SeenCounts(TypedDict):
    """The numbers of a check that somebody saw before having the file taken."""

    new: int
    changed: int
