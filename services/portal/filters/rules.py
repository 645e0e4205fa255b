"""What of a page's address is a filter, and how many of them are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import parse_qsl, urlencode

MOST_OF_ONE: Final = 50
"""So many filters of an account are kept."""
LONGEST_NAME: Final = 60
LONGEST_QUERY: Final = 2_000
OF_THE_PAGE: Final = frozenset(("cursor", "back", "page", "unsent", "exact", "looking", "all", "none"))
"""Parameters that say where somebody is, and not what they look at."""

TOO_MANY: Final = f"You have {MOST_OF_ONE} saved filters: remove one first"
TAKEN: Final = "You have a filter of this name for this page: choose another name"
TOO_LONG: Final = "This is limited by more than a saved filter holds: choose less"
NOTHING: Final = "Choose on the page what it is to be limited to, then save it"


def query_of(asked: Iterable[tuple[str, str]]) -> str:
    """What an address is limited to, as its query; empty where it is limited to nothing."""
    kept = [(name, value) for name, value in asked if value and name not in OF_THE_PAGE]
    return urlencode(sorted(kept, key=lambda one: one[0]))


def cleaned_query(text: str) -> str:
    """The same out of a text that somebody sent: parameters alone, whatever else it says."""
    return query_of(parse_qsl(text.partition("#")[0], keep_blank_values=True))


def fault_of(query: str, has: int) -> str | None:
    """Why this can't be one more filter of an account that has so many; None where it can."""
    if not query:
        return NOTHING
    if len(query) > LONGEST_QUERY:
        return TOO_LONG
    return TOO_MANY if has >= MOST_OF_ONE else None
