"""A part of what a service holds about a person: a query, and how its columns are called. Each part becomes one file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

CARER: Final = "Carer"
"""A heading below which carers stand by reference: whoever makes the export numbers them, for they are other people."""
STORED_AS: Final = "File"
"""A heading below which the keys of stored objects stand: the export has the files, and names where each lies in it."""

NAMES_ON: Final = (
    "EXISTS (SELECT 1 FROM unnest(CAST(:names AS text[]), CAST(:firsts AS date[]), CAST(:lasts AS date[]))"
    " AS meant (name, first, last) WHERE meant.name = {reference} AND {day} BETWEEN meant.first AND meant.last)"
)
"""Whether a reference names the person, on the day that a row is about: an identifier can be given to another client."""
OF_CLIENT: Final = "= ANY(CAST(:client_ids AS uuid[]))"
OF_CPLI: Final = "= ANY(CAST(:cpli_ids AS bigint[]))"
OF_VISITS: Final = "(SELECT * FROM unnest(CAST(:organisations AS uuid[]), CAST(:refs AS text[])) AS asked (organisation_id, visit_ref))"


@dataclass(frozen=True)
class Part:
    """``query`` gives a place, by which its rows are ordered and paged, and then a column for each heading.

    name: the file's. words: what it holds, for whoever reads it. is_prose: it holds what somebody wrote, in which other
    people may be named: it is to be read before it is handed over. by_visits: it is asked for visits by their refs.
    tables: all that it is made of.
    """

    name: str
    title: str
    words: str
    query: str
    headings: tuple[str, ...]
    tables: tuple[str, ...]
    is_prose: bool = False
    by_visits: bool = False
