"""From the text of a CSV file to its records, as spreadsheets and joins leave it (RULES 3, 19)."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from libs.common.files.csv_headings import count_headings, key_of
from libs.common.files.decoding import FileRefused

# A cell that is too long rejects its row, not the file, and the file's own size is the limit that matters:
# csv's limit of 131,072 characters would stop before either can be said.
csv.field_size_limit(2**31 - 1)

Record = tuple[int, list[str]]
"""(row number as a spreadsheet shows it, its cells)."""

SEPARATORS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"""[\s\ufeff]*"?sep=.?"?[,;|\t" ]*(?:\r\n|\r|\n|\Z)""", re.IGNORECASE)
_FIRST_LINE_WITH_TEXT = re.compile(r"^[^\r\n]*[^\s,;|\"][^\r\n]*", re.MULTILINE)
_CURLY = str.maketrans("“”„", '"""')
_SPACES = " \t\u00a0\u2007\u202f"


def records_of(text: str, headings: Sequence[str]) -> tuple[Iterator[Record], str]:
    """The records of a CSV file whose header row holds some of these headings, and what separates their cells.

    Reading them raises FileRefused.

    A first line ``sep=;`` is for spreadsheets, which don't show it and number what follows from 1. The separator is
    the one by which the header row holds the most headings.
    """
    text = _without_separator_line(text)
    first = _FIRST_LINE_WITH_TEXT.search(text)
    header_line = first[0] if first else ""
    separator = max(SEPARATORS, key=lambda one: count_headings(header_line.split(one), headings))
    if header_line.count("“") > 1 and all(map(_is_in_curly_quotes, header_line.split(separator))):
        text = text.translate(_CURLY)
    text = _without_spaces_at_quotes(text, separator)
    # newline="" keeps line ends as they are, so that those inside a quoted cell stay text, and still ends a line
    # at \n, \r\n and the \r of old Macs.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    return _numbered(reader), separator


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
    found = _SEPARATOR_LINE.match(text)
    return text[found.end() :] if found else text


def _is_in_curly_quotes(cell: str) -> bool:
    cell = cell.strip().strip("\ufeff")
    return cell[:1] in "“”„" and cell[-1:] in "“”" and bool(key_of(cell))


def _without_spaces_at_quotes(text: str, separator: str) -> str:
    """A quoted cell may have spaces before and after its marks, which csv would take for text, or refuse.

    Quoted cells are matched whole, so that nothing inside them is touched.
    """
    if '"' not in text:
        return text
    spaces = "".join(one for one in _SPACES if one != separator and one in text)
    if not any(f'{one}"' in text or f'"{one}' in text for one in spaces):
        return text
    ends = re.escape(separator) + r"\r\n"
    quoted = rf'(^|[{ends}])[{spaces}]*("(?:[^"]|"")*+")[{spaces}]*(?=[{ends}]|\Z)'
    return re.sub(quoted, r"\1\2", text)


def _numbered(reader: Iterator[list[str]]) -> Iterator[Record]:
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
