"""The header row of a CSV file (RULES 3, 19): which heading each column has, and what is wrong with them."""

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from libs.common.care.names import fold
from libs.common.files.decoding import FileRefused
from libs.common.files.warnings import FileWarning

_MARKS = "\"“”„'"
_GARBLED_BOM = "ï»¿"


def key_of(heading: str) -> str:
    """The form in which headings compare: without letter case, spaces, quotation marks and invisible marks."""
    if not heading.isascii():
        heading = heading.removeprefix(_GARBLED_BOM)
        heading = "".join(one for one in heading if unicodedata.category(one) != "Cf")
    return fold(heading.strip().strip(_MARKS)).replace(" ", "")


def count_headings(cells: Iterable[str], headings: Iterable[str]) -> int:
    """How many of the headings are among these cells."""
    return len({key_of(heading) for heading in headings}.intersection(map(key_of, cells)))


def named(header: Sequence[str], headings: Collection[str]) -> list[str]:
    """The header with each known heading in its own writing; headings that are empty at its end are no columns."""
    known = {key_of(heading): heading for heading in headings}
    found = [known.get(key_of(cell), cell.strip()) for cell in header]
    while found and not found[-1]:
        found.pop()
    return found


class Headings:
    """The headings of a file, to tell a row below that holds them once more, as where files were joined."""

    def __init__(self, headings: Iterable[str]) -> None:
        self.keys = frozenset(map(key_of, headings))
        self._is_heading: dict[str, bool] = {}

    def are_in(self, record: Sequence[str]) -> bool:
        """Whether all filled cells of a row are headings. For nearly all rows the last one tells, and is remembered."""
        last = next(filter(None, reversed(record)), "")
        is_heading = self._is_heading.get(last)
        if is_heading is None:
            is_heading = self._is_heading[last] = not last.strip() or key_of(last) in self.keys
        if not is_heading:
            return False
        filled = [cell for cell in record if cell.strip()]
        return len(filled) > 1 and all(key_of(cell) in self.keys for cell in filled)


def refuse_bad_header(header: Sequence[str], headings: Sequence[str]) -> None:
    """Raises FileRefused where headings are absent, or there twice (RULES 3)."""
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
    times = Counter(key_of(heading) for heading in header if heading)
    repeated = list(dict.fromkeys(heading for heading in header if times[key_of(heading)] > 1))
    if repeated:
        raise FileRefused(
            "duplicate_heading",
            f"The heading{_s(repeated)} {_listed(repeated)} {_is(repeated)} there more than once: keep one column of each.",
        )


def warnings_of(header: Sequence[str], headings: Collection[str]) -> list[FileWarning]:
    """RULES 3: extra columns are ignored with a warning."""
    extra = [f"'{_shortened(heading)}'" for heading in header if heading and heading not in headings]
    unnamed = [f"column {number}" for number, heading in enumerate(header, 1) if not heading]
    warnings = []
    if extra:
        sentence = f"The extra column{_s(extra)} {_listed(extra)} {_is(extra)} ignored."
        warnings.append(FileWarning("extra_columns", None, None, sentence))
    if unnamed:
        sentence = f"{_listed(unnamed).capitalize()} {_is(unnamed)} ignored, having no heading."
        warnings.append(FileWarning("unnamed_columns", None, None, sentence))
    return warnings


def _near_misses(header: Sequence[str], missing: Sequence[str]) -> dict[str, str]:
    """Missing headings that differ only in an underscore or a hyphen from one that is there, and that one."""
    present = {_loose(heading): heading for heading in reversed(header)}
    return {heading: present[_loose(heading)] for heading in missing if _loose(heading) in present}


def _loose(heading: str) -> str:
    return key_of(heading).replace("_", "").replace("-", "")


def _missing_message(missing: Sequence[str], hints: dict[str, str]) -> str:
    hint = "".join(f" ('{_shortened(there)}' must be written {heading})" for heading, there in hints.items())
    return (
        f"The heading{_s(missing)} {_listed(missing)} {_is(missing)} missing{hint}: all headings must be there, even over"
        " a column that is empty."
    )


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
