"""What spreadsheets and databases leave in a cell where a reference belongs (RULES 3, 19)."""

import re
from collections.abc import Iterable

NO_VALUES = frozenset(("NULL", "Null", "null", "N/A", "n/a", "#N/A", "#n/a"))
"""Words for a cell without a value; in an identifier they count as empty."""

_SPREADSHEET_NUMBER = re.compile(r"[0-9](?:[.,][0-9]+)?[Ee]\+[0-9]{1,3}")


def identifier(text: str) -> str:
    """A trimmed identifier; '' for a word that says there is none."""
    return "" if text in NO_VALUES else text


def is_spreadsheet_number(text: str) -> bool:
    """Whether a spreadsheet made this of a long number: in ``1.23E+09`` the other digits are lost.

    The plus sign is what spreadsheets write; without it, as in 4E12, it may be a real reference.
    """
    return "+" in text and _SPREADSHEET_NUMBER.fullmatch(text) is not None


def by_digits(refs: Iterable[str]) -> dict[str, str]:
    """References of digits that begin with noughts, by what a spreadsheet leaves of them."""
    return {ref.lstrip("0"): ref for ref in refs if ref.startswith("0") and ref.isascii() and ref.isdigit()}
