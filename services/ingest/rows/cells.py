"""What holds for the text of every cell of a row (RULES 3): cleaning, lengths, control characters."""

from collections.abc import Sequence

from libs.common.files.values import cleaned, control_character
from services.ingest.rows import headings
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.words import Problem, problem

TEXT_LIMITS: tuple[tuple[int, int], ...] = (
    (headings.VISIT_REF, 50),
    (headings.SSREF, 50),
    (headings.VISIT_TYPE, 50),
    (headings.NHS_NUMBER, 20),
    (headings.SERVICE_LEVEL, 100),
    (headings.CARER_REF, 100),
    (headings.SERVICE_NAME, 112),
    (headings.ORGANISATION_NAME, 112),
)
FREE_TEXT_LIMIT = 8_000
FREE_TEXT = (
    headings.ENTRY_OVERRIDE_REASON,
    headings.EXIT_OVERRIDE_REASON,
    headings.VARIANCE_REASON,
    headings.COMMENTS,
)
"""Reasons and comments: the only columns in which line breaks and tabs are text."""


def cleaned_cells(values: tuple[str, ...]) -> tuple[Sequence[str], bool]:
    """The cells, cleaned, and whether all are plain, that is printable with no space but ' '.

    Nearly all rows are plain and have nothing to clean, which looking at the whole row shows at once.
    """
    whole = "|".join(("", *values, ""))
    if not whole.isprintable():
        return [cleaned(value, is_prose=column in FREE_TEXT) for column, value in enumerate(values)], False
    if "| " in whole or " |" in whole:
        return [value.strip() for value in values], True
    return values, True


def check_control_characters(cells: Sequence[str], problems: list[Problem]) -> None:
    """RULES 3: a control character; line breaks and tabs are text inside reasons and comments."""
    for column, text in enumerate(cells):
        if found := control_character(text, but="\r\n\t" if column in FREE_TEXT else ""):
            problems.append(problem("control_character", HEADINGS[column], text, point=ord(found)))


def check_lengths(cells: Sequence[str], problems: list[Problem]) -> None:
    """RULES 3: text over its length. Dates, times, Booleans and GUIDs are short when they can be read."""
    for column, limit in TEXT_LIMITS:
        if len(cells[column]) > limit:
            check_length(cells, column, limit, problems)
    for column in FREE_TEXT:
        if cells[column] and len(cells[column]) > FREE_TEXT_LIMIT:
            check_length(cells, column, FREE_TEXT_LIMIT, problems)


def check_length(cells: Sequence[str], column: int, limit: int, problems: list[Problem]) -> None:
    """RULES 3: the text of one column over its length, in characters."""
    if len(cells[column]) > limit:
        facts = {"length": len(cells[column]), "limit": limit}
        problems.append(problem("too_long", HEADINGS[column], cells[column], **facts))
