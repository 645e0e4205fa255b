"""A week's visits in the 25 columns of a visits file, to be corrected and sent again (RULES 20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from libs.common.care.clock import london_day
from libs.common.care.weeks import sunday_of
from libs.common.files.visit_headings import HEADINGS
from libs.common.seams.ingest.visits import Visit
from services.portal.visits.views import Visits
from services.portal.web.access import caller, the_parts
from services.portal.web.calls import gateway
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.downloads.files import file_name

A_CALL: Final = 500
FILTERS: Final = ("client", "status", "service", "service_level", "visit_type")


def week_in_parts(
    monday: dt.date, organisation: str | None, filters: Mapping[str, str | None]
) -> Iterator[str]:
    """A visits file of the visits of a week that filters show, part by part.

    Raises Refused ``not_found`` and ``bad_query``, and ServiceUnavailable, before the first part.
    """
    pages = _pages(monday, organisation, filters)
    first = next(pages)
    return _parts(first, pages)


def name_of_week(monday: dt.date, provider: str | None) -> str:
    """The name of the file."""
    as_at = london_day(the_parts().clock())
    return file_name("visits", "csv", provider=provider, days=(monday, sunday_of(monday)), as_at=as_at)


def cells_of(visit: Visit) -> list[str]:
    """A visit as a row of a visits file."""
    cells = {**visit["values"], "VisitRef": visit["ref"], "OrganisationName": visit["organisation"]}
    return [cells.get(heading) or "" for heading in HEADINGS]


def _parts(first: Sequence[Visit], others: Iterable[Sequence[Visit]]) -> Iterator[str]:
    yield csv_part([HEADINGS, *map(cells_of, first)])
    for some in others:
        yield csv_part(map(cells_of, some))


def _pages(
    monday: dt.date, organisation: str | None, filters: Mapping[str, str | None]
) -> Iterator[Sequence[Visit]]:
    shown = Visits(gateway(), caller())
    place: Sequence[str] | None = None
    while True:
        rows, place = shown.list_page(
            organisation=organisation,
            week=monday,
            place=place,
            limit=A_CALL,
            **{name: filters.get(name) for name in FILTERS},  # type: ignore[arg-type]
        )
        yield rows
        if place is None:
            return
