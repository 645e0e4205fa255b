"""Visits that were chosen on a list, or all that its filters show, as bulk actions show them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from libs.common.errors import Refused
from libs.common.files.values import control_character, parse_date
from services.portal.bulk.acts import Filters, ToDo, address_with
from services.portal.bulk.rules import MOST_ROWS, FoundRow
from services.portal.visits.views import ShownVisit, Visits
from services.portal.web.access import caller
from services.portal.web.calls import gateway, matching
from services.portal.web.formats import day
from services.portal.web.words import REASONS

BOX: Final = "visit"
"""The boxes of visits in lists; their values are `organisation id/VisitRef`."""
A_CALL: Final = 500
DELETED: Final = "It is deleted already."


def key_of(visit: ShownVisit) -> str:
    return f"{visit['organisation_id']}/{visit['ref']}"


def ref_of(key: str) -> tuple[str, str]:
    """(organisation id, VisitRef). Raises Refused ``not_found``."""
    organisation_id, _, ref = key.partition("/")
    try:
        found = str(uuid.UUID(organisation_id))
    except ValueError:
        found = ""
    if not found or not ref or len(ref) > 50 or control_character(ref):
        raise Refused("not_found", "One of the chosen rows is no visit.")
    return found, ref


def find_visits(keys: Sequence[str]) -> list[ShownVisit]:
    """These visits as they are now, in their order, as far as they are there. Raises Refused ``not_found``."""
    refs, shown = [ref_of(key) for key in keys], Visits(gateway(), caller())
    found = [row for some in _batches(refs) for row in shown.list_of_refs(some)]
    by_ref = {(row["organisation_id"], row["ref"]): row for row in found}
    return [by_ref[ref] for ref in refs if ref in by_ref]


def rows_of(visits: Sequence[ShownVisit], *, with_worth: bool) -> list[FoundRow]:
    """As rows of a bulk action: with what each pays, and with_worth with about what it would pay if it had a match."""
    worth: dict[tuple[str, str], Decimal] = {}
    unmatched = [(row["organisation_id"], row["ref"]) for row in visits if row["status"] == "Unmatched"]
    if with_worth:
        for some in _batches(unmatched):
            found = matching().unmatched_worth(refs=some)
            worth |= {(one.organisation_id, one.visit_ref): Decimal(one.amount) for one in found}
    return [
        FoundRow(
            key=key_of(row),
            about=_about(row),
            organisation=row["organisation"],
            amount=_pays(row)
            if row["status"] != "Unmatched" or not with_worth
            else worth.get((row["organisation_id"], row["ref"])),
            seen=str(row["version"]),
            why_not=DELETED if row["deleted"] else "",
        )
        for row in visits
    ]


def all_keys(filters: Filters) -> list[str]:
    """Of all visits that a list shows with these filters, a few more than can be done at once."""
    keys: list[str] = []
    for page in _pages(filters):
        keys += page
        if len(keys) > MOST_ROWS:
            break
    return keys


def list_address(filters: Filters) -> str:
    """Of the list that was looked at: of unmatched visits, or of a week's."""
    if filters.get("list") == "unmatched":
        return address_with("unmatched.unmatched", filters, "organisation", "reason")
    names = ("week", "organisation", "service", "service_level", "client", "visit_type", "status")
    return address_with("visits.visits", filters, *names)


def seen_visits(rows: Sequence[ToDo]) -> list[tuple[str, str, int]]:
    """(organisation id, VisitRef, version that was shown) of rows to do."""
    return [(*ref_of(row.key), int(row.seen)) for row in rows]


def _pages(filters: Filters) -> Iterator[list[str]]:
    organisation = filters.get("organisation") or None
    if filters.get("list") == "unmatched":
        before: tuple[str, str, str] | None = None
        reason = filters.get("reason")
        while True:
            found = matching().newest_unmatched(
                organisation=organisation,
                reason=reason if reason in REASONS else None,
                before=before,
                limit=MOST_ROWS,
            )
            yield [f"{one.organisation_id}/{one.visit_ref}" for one in found]
            if len(found) < MOST_ROWS:
                return
            before = (found[-1].planned_on, found[-1].organisation_id, found[-1].visit_ref)
    place: Sequence[str] | None = None
    while True:
        names = ("client", "status", "service", "service_level", "visit_type")
        rows, place = Visits(gateway(), caller()).list_page(
            organisation=organisation,
            week=_week(filters),
            place=place,
            limit=A_CALL,
            **{name: filters.get(name) or None for name in names},  # type: ignore[arg-type]
        )
        yield [key_of(row) for row in rows]
        if place is None:
            return


def _week(filters: Filters) -> dt.date:
    found = parse_date(filters.get("week", ""))
    if found is None:
        raise Refused("bad_query", "Name the week of the visits, by any day of it.")
    return found


def _pays(row: ShownVisit) -> Decimal | None:
    """Pounds; None while a matched visit is not priced."""
    if row["pays"] is not None:
        return Decimal(row["pays"]["amount"])
    return None if row["status"] in ("Matched", "New") else Decimal(0)


def _about(row: ShownVisit) -> str:
    cells = row["values"]
    times = f"{cells['PlannedEntryTime']} to {cells['PlannedExitTime']}"
    return f"Visit {row['ref']}, client {row['client']}, {day(row['planned_on'])}, {times}"


def _batches(refs: Sequence[tuple[str, str]]) -> Iterator[Sequence[tuple[str, str]]]:
    return (refs[first : first + A_CALL] for first in range(0, len(refs), A_CALL))
