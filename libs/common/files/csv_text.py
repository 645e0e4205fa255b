"""From the text of a CSV file to its records, as spreadsheets and joins leave it (RULES 3, 19)."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from libs.common.files.csv_headings import count_headings, key_of
from libs.common.files.decoding import FileRefused

# A cell that is too long rejects its row, not the file, and the file's own size is the limit that matters:
# csv's limit of 131,072 characters would stop before either can be said.
csv.field_size_limit(2**31 - 1)

MOST_CELLS_OF_A_LINE = 20_000
"""Separators in one line; a comment of the longest may hold half as many."""
MOST_RECORDS = 1_048_576
"""Rows that a spreadsheet holds, blank ones too."""
MOST_CELLS = 25_000_000
"""Cells of a whole file: fifty columns of the most rows that are read."""
LONGEST_RECORD = 2_000_000
"""Characters of one row: many times what all columns together may hold."""
HEADER_WITHIN, LONGEST_HEADER = 1_000_000, 100_000
"""Characters within which the header row begins, and the most that it has."""

Record = tuple[int, list[str]]
"""(row number as a spreadsheet shows it, its cells)."""

SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"""[\s\ufeff]*"?sep=.?"?[,;|\t" ]*(?:\r\n|\r|\n|\Z)""", re.IGNORECASE)
_FIRST_LINE_WITH_TEXT = re.compile(r"^[^\r\n]*[^\s,;|\"][^\r\n]*", re.MULTILINE)
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_CURLY = str.maketrans("“”„", '"""')
_SPACES = " \t\u00a0\u2007\u202f"


def records_of(parts: Iterable[str], headings: Sequence[str]) -> tuple[Iterator[Record], str]:
    """The records of a CSV file whose header row holds some of these headings, and what separates their cells.

    ``parts`` are its text, of which no more than some megabytes are kept. Reading them raises FileRefused.

    A first line ``sep=;`` is for spreadsheets, which don't show it and number what follows from 1. The separator is
    the one by which the header row holds the most headings.
    """
    left = iter(parts)
    head = _without_separator_line(_head_of(left))
    first = _FIRST_LINE_WITH_TEXT.search(head, 0, HEADER_WITHIN)
    header_line = first[0] if first else ""
    if len(header_line) > LONGEST_HEADER:
        raise _too_many_columns(1)
    separator = max(SEPARATORS, key=lambda one: count_headings(header_line.split(one), headings))
    text: Iterator[str] = chain((head,), left)
    if header_line.count("“") > 1 and all(map(_is_in_curly_quotes, header_line.split(separator))):
        text = (part.translate(_CURLY) for part in text)
    lines = _Lines(_without_spaces_at_quotes(text, separator), separator)
    reader = csv.reader(lines, delimiter=separator, strict=True)
    return _numbered(reader, lines), separator


def _head_of(left: Iterator[str]) -> str:
    """As much of a text as its separator line and its header row may take."""
    taken: list[str] = []
    length = 0
    while length < LONGEST_HEADER + HEADER_WITHIN and (part := next(left, None)) is not None:
        taken.append(part)
        length += len(part)
    return "".join(taken)


class _Lines:
    """The lines of a text with their ends as they are, so that those inside a quoted cell stay text: `\\n`, `\\r\\n`, and
    the `\\r` of old Macs. One by one: a second copy of the text would take four times its size."""

    def __init__(self, text: Iterator[str], separator: str) -> None:
        self._lines = enumerate(self._cut(text), 1)
        self._separator = separator
        self.length = 0
        """Characters since a record began; whoever reads records sets it back."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = next(self._lines)
        if len(line) > MOST_CELLS_OF_A_LINE and line.count(self._separator) > MOST_CELLS_OF_A_LINE:
            raise _too_many_columns(number)
        self.length += len(line)
        if self.length > LONGEST_RECORD:
            raise FileRefused(
                "too_long",
                f"The row that ends on line {number:,} or below holds more text than any row of this kind, so a closing"
                " quotation mark may be missing: export the file again.",
            )
        return line

    def _cut(self, text: Iterator[str]) -> Iterator[str]:
        """The lines; one that is longer than any record may be comes in pieces, and is refused."""
        left = ""
        for part in text:
            left += part
            end = 0
            for found in _LINE.finditer(left):
                if found.end() == len(left) and (len(left) - end <= LONGEST_RECORD or left[-1] == "\r"):
                    break  # it may go on: a \r may be half of an end
                end = found.end()
                yield found[0]
            left = left[end:]
        yield from (found[0] for found in _LINE.finditer(left))


def rejoined(record: Sequence[str], separator: str) -> list[str]:
    """A record whose text in curly quotes was cut at its separators, with that text whole again.

    A spreadsheet takes only straight quotation marks for the ends of a text.
    """
    cells: list[str] = []
    parts: list[str] = []
    for cell in record:
        if parts or cell.lstrip().startswith("“"):
            parts.append(cell)
            if cell.rstrip().endswith("”"):
                cells.append(separator.join(parts).strip()[1:-1])
                parts = []
        else:
            cells.append(cell)
    return cells + parts


def _without_separator_line(text: str) -> str:
    found = _SEPARATOR_LINE.match(text, 0, LONGEST_HEADER)
    return text[found.end() :] if found else text


def _is_in_curly_quotes(cell: str) -> bool:
    cell = cell.strip().strip("\ufeff")
    return cell[:1] in "“”„" and cell[-1:] in "“”" and bool(key_of(cell))


def _without_spaces_at_quotes(text: Iterator[str], separator: str) -> Iterator[str]:
    """A quoted cell may have spaces before and after its marks, which csv would take for text, or refuse.

    Quoted cells are matched whole, so that nothing inside them is touched. One that is longer than any record is none.
    """
    spaces = "".join(one for one in _SPACES if one != separator)
    ends = re.escape(separator) + r"\r\n"
    cell = rf'[{spaces}]*("(?:[^"]|"")*+")[{spaces}]*'
    left, begins = "", "^|"
    for part in text:
        left += part
        if len(left) < 2 * LONGEST_RECORD:
            continue
        pattern = re.compile(rf"({begins}[{ends}]){cell}(?=[{ends}])")
        done, left = _without_spaces(left, pattern, spaces, len(left) - LONGEST_RECORD)
        begins = ""
        yield done
    pattern = re.compile(rf"({begins}[{ends}]){cell}(?=[{ends}]|\Z)")
    yield _without_spaces(left, pattern, spaces, len(left))[0]


def _without_spaces(text: str, pattern: re.Pattern[str], spaces: str, until: int) -> tuple[str, str]:
    """The text without these spaces, as far as cells begin before a place, and what is left of it."""
    if '"' not in text or not any(f'{one}"' in text or f'"{one}' in text for one in spaces):
        return text[:until], text[until:]
    done, at = [], 0
    for found in pattern.finditer(text):
        if found.start() >= until:
            break
        done += [text[at : found.start()], found[1], found[2]]
        at = found.end()
    until = max(at, until)
    done.append(text[at:until])
    return "".join(done), text[until:]


def _numbered(reader: Iterator[list[str]], lines: _Lines) -> Iterator[Record]:
    """Each record with its row number. A spreadsheet counts records, not lines, and blank lines too.

    Quotation marks are read strictly: were a stray one forgiven, the cell could swallow whole rows unnoticed.
    """
    number = cells = 0
    try:
        for number, record in enumerate(reader, 1):
            lines.length = 0
            cells += len(record)
            if number > MOST_RECORDS or cells > MOST_CELLS:
                raise _too_much(number)
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


def _too_many_columns(line: int) -> FileRefused:
    return FileRefused(
        "too_many_columns",
        f"Line {line:,} has more columns than any file of this kind: export the file again with its own columns alone.",
    )


def _too_much(row: int) -> FileRefused:
    return FileRefused(
        "too_many_cells",
        f"Up to row {row:,} the file holds more rows or columns, blank ones among them, than a spreadsheet's most: delete"
        " the empty rows and columns and send it again.",
    )
