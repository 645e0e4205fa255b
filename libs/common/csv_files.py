"""From the bytes of a CSV file to rows of cells in the order of its headings (RULES 3). Cells are not judged here."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from libs.common.decoding import FileRefused, decode
from libs.common.names import fold

__all__ = ["MAX_BYTES", "MAX_ROWS", "FileRefused", "RawFile", "RawRow", "Values", "read_rows"]

MAX_BYTES = 50_000_000
MAX_ROWS = 500_000

# A cell that is too long rejects its row, not the file, and the file's own size is the limit that matters:
# csv's limit of 131,072 characters would stop before either can be said.
csv.field_size_limit(2**31 - 1)

Values = tuple[str, ...]
RawRow = tuple[int, Values]
"""(row number as a spreadsheet shows it, cells in the order of the headings). A row that has text beyond the last
heading carries the first such cell as one more value: its columns have shifted, and the check rejects it."""

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(slots=True)
class RawFile:
    """What a file holds, unjudged. `warnings` are sentences about the file as a whole."""

    rows: list[RawRow]
    header: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    encoding: str = "utf-8"


def read_rows(
    content: bytes,
    headings: Sequence[str],
    *,
    optional: Collection[str] = (),
    expected: Collection[str] = (),
    max_bytes: int = MAX_BYTES,
    max_rows: int = MAX_ROWS,
) -> RawFile:
    """The rows of a CSV file, cells in the order of ``headings``; raises FileRefused.

    A heading of ``optional`` may be absent, and its cells are then empty. A column of ``expected`` is left out
    without a warning.
    """
    text, encoding = decode(content, max_bytes)
    # newline="" keeps line ends as they are, so that those inside a quoted cell stay text, and still ends a line
    # at \n, \r\n and the \r of old Macs.
    records = _numbered(csv.reader(io.StringIO(text, newline=""), strict=True))
    header = _header(records)
    _refuse_bad_header(header, [heading for heading in headings if heading not in optional])
    rows = _rows(records, header, headings, max_rows)
    return RawFile(rows, header, _warnings(header, [*headings, *expected]), encoding)


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Each record with its row number. A spreadsheet counts records, not lines, and blank lines too.

    Quotation marks are read strictly: were a stray one forgiven, the cell could swallow whole rows unnoticed.
    """
    number = 0
    try:
        for number, record in enumerate(reader, 1):
            yield number, record
    except csv.Error as error:
        if "unexpected end of data" in str(error):
            raise FileRefused(
                "cut_quote",
                f"The file ends inside a quoted cell that starts in row {number + 1:,}, so it was cut short or a closing"
                " quotation mark is missing: export it again and send the whole file.",
            ) from None
        raise FileRefused(
            "stray_quote",
            f"Row {number + 1:,} has a quotation mark inside a quoted cell, so where the cell ends can't be told:"
            ' write it twice ("") or take it out, or save the file again with your spreadsheet program.',
        ) from None


def _header(records: Iterator[tuple[int, list[str]]]) -> list[str]:
    """The headings, trimmed: the first row that is not blank. Headings that are empty at its end are no columns."""
    header = next(([cell.strip() for cell in record] for _, record in records if not _is_blank(record)), None)
    if header is None:
        raise FileRefused(
            "empty_file", "The file holds no text: send a CSV file with a header row and the rows below it."
        )
    while not header[-1]:
        header.pop()
    return header


def _is_blank(record: Sequence[str]) -> bool:
    """A blank line, or the row of commas alone that a spreadsheet writes for a cleared row."""
    return not "".join(record).strip()


def _rows(
    records: Iterator[tuple[int, list[str]]], header: list[str], headings: Sequence[str], max_rows: int
) -> list[RawRow]:
    width = len(header)
    absent = [heading for heading in headings if heading not in header]
    columns = [width if heading in absent else header.index(heading) for heading in headings]
    in_order: Callable[[Any], Values] = itemgetter(*columns)
    rows: list[RawRow] = []
    for number, record in records:
        surplus = ""
        if len(record) != width:
            surplus = next((cell for cell in record[width:] if cell.strip()), "")
            record.extend([""] * (width - len(record)))
        if not record[0].strip() and _is_blank(record) and not surplus:
            continue
        values = in_order([*record[:width], ""] if absent else record)
        rows.append((number, (*values, surplus) if surplus else values))
        if len(rows) > max_rows:
            raise FileRefused(
                "too_many_rows",
                f"The file has more than {max_rows:,} rows, the most that is read at once: split it into smaller files"
                " and send them one by one.",
            )
    return rows


def _refuse_bad_header(header: list[str], headings: Sequence[str]) -> None:
    _refuse_other_separator(header, headings)
    missing = [heading for heading in headings if heading not in header]
    hints = _near_misses(header, missing)
    if len(missing) == len(headings) and not hints:
        raise FileRefused(
            "no_header",
            f"The first row ('{_shortened(', '.join(header))}') holds none of the headings: put a row with the headings"
            f" {headings[0]} to {headings[-1]} above the data, as in the blank file.",
        )
    if missing:
        raise FileRefused("missing_heading", _missing_message(missing, hints))
    repeated = [heading for heading, times in Counter(filter(None, header)).items() if times > 1]
    if repeated:
        raise FileRefused(
            "duplicate_heading",
            f"The heading{_s(repeated)} {_listed(repeated)} {_is(repeated)} there more than once: keep one column of each.",
        )


def _refuse_other_separator(header: list[str], headings: Sequence[str]) -> None:
    wanted = set(map(_loose, headings))
    if len(wanted.intersection(map(_loose, header))) > 1:
        return
    whole = ",".join(header)
    for separator, name in _SEPARATORS.items():
        if len(wanted.intersection(_loose(cell.strip('"')) for cell in whole.split(separator))) > 1:
            raise FileRefused(
                "separator",
                f"The columns are separated by {name}: save the file as CSV with commas between the columns"
                " (in Excel 'CSV UTF-8 (comma delimited)') and send it again.",
            )


def _near_misses(header: list[str], missing: list[str]) -> dict[str, str]:
    """Missing headings that differ only in letter case or spaces from one that is there, and that one."""
    present = {_loose(heading): heading for heading in reversed(header)}
    return {heading: present[_loose(heading)] for heading in missing if _loose(heading) in present}


def _loose(heading: str) -> str:
    return fold(heading).replace(" ", "").replace("_", "").replace("-", "")


def _missing_message(missing: list[str], hints: dict[str, str]) -> str:
    hint = "".join(f" ('{_shortened(there)}' must be written {heading})" for heading, there in hints.items())
    return (
        f"The heading{_s(missing)} {_listed(missing)} {_is(missing)} missing{hint}: all headings must be there, written"
        " exactly so, even over a column that is empty."
    )


def _warnings(header: list[str], headings: Sequence[str]) -> list[str]:
    extra = [f"'{_shortened(heading)}'" for heading in header if heading and heading not in headings]
    unnamed = [f"column {number}" for number, heading in enumerate(header, 1) if not heading]
    warnings = []
    if extra:
        warnings.append(f"The extra column{_s(extra)} {_listed(extra)} {_is(extra)} ignored.")
    if unnamed:
        warnings.append(f"{_listed(unnamed).capitalize()} {_is(unnamed)} ignored, having no heading.")
    return warnings


def _shortened(text: str) -> str:
    shown = "".join(character if character.isprintable() else " " for character in text[:81])
    return shown if len(shown) <= 80 else shown[:79] + "…"


def _s(names: Sequence[str]) -> str:
    return "s" if len(names) > 1 else ""


def _is(names: Sequence[str]) -> str:
    return "are" if len(names) > 1 else "is"


def _listed(names: Sequence[str]) -> str:
    shown = list(names[:25]) + ([f"{len(names) - 25:,} more"] if len(names) > 25 else [])
    return " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
