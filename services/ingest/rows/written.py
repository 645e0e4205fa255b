"""What a row with a finding says itself, so that people know it again: client and planned date, as written. Pure."""

from collections.abc import Iterable, Sequence

from libs.common.files.values import cleaned, shown
from services.ingest.rows import headings
from services.ingest.rows.facts import RowError


def own_cells(
    rows: Iterable[tuple[int, Sequence[str]]], findings: Iterable[tuple[bool, RowError]]
) -> dict[int, tuple[str, str]]:
    """Client and planned date of each row that has a finding, by row number; shortened where they are long."""
    numbers = {error.row for _, error in findings}
    return {
        row: (shown(client_of(values)), shown(cleaned(values[headings.PLANNED_DATE])))
        for row, values in rows
        if row in numbers
    }


def client_of(values: Sequence[str]) -> str:
    """RULES 5: the first identifier that is filled."""
    return next(filter(None, (cleaned(values[column]) for column in headings.CLIENT)), "")
