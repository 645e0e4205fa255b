"""What rows name that fits nothing: service levels, services and carers, with the nearest that exists. Pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from libs.common.care.names import fold
from libs.common.care.nearest import Nearest
from libs.common.files.identifiers import identifier
from libs.common.files.values import parse_date, parse_guid
from libs.common.seams.ingest.cleansing import Misfit
from services.ingest.rows.facts import Reference
from services.ingest.rows.names import service_of

CLIENTS, LEVELS, SERVICES, CARERS = "clients", "levels", "services", "carers"
KINDS = (CLIENTS, LEVELS, SERVICES, CARERS)
KIND_OF_COLUMN = {
    "ServiceLevel": LEVELS,
    "ServiceLevelRef": LEVELS,
    "ServiceName": SERVICES,
    "ServiceRef": SERVICES,
    "CarerRef": CARERS,
}
"""Of what a rejected row's cell is a name."""


class Named(NamedTuple):
    """What a row names: ``other`` is the ref beside a service's name, else the mark of a client's identifier (S, C, N)."""

    kind: str
    written: str
    other: str = ""


class RejectedCell(NamedTuple):
    """A reason for which a row was rejected, as far as it says what the row names."""

    key: str
    """the visit's VisitRef, or else the row itself: what is counted"""
    file_id: str
    column: str
    value: str
    client: str
    planned_date: str


def named_in(
    cells: Iterable[RejectedCell], first: dt.date | None, last: dt.date | None
) -> Iterator[tuple[Named, str]]:
    """What rejected rows name that are planned between two days, each with what is counted; no days are all days.

    ``cells`` are those of the newest file first: of a visit that several files rejected it alone counts. A row whose
    planned date can't be read is among them.
    """
    newest: dict[str, str] = {}
    for cell in cells:
        if newest.setdefault(cell.key, cell.file_id) != cell.file_id:
            continue
        planned_on = parse_date(cell.planned_date)
        if planned_on and first and last and not first <= planned_on <= last:
            continue
        if identifier(cell.client):
            yield Named(CLIENTS, cell.client), cell.key
        kind = KIND_OF_COLUMN.get(cell.column)
        if kind is not None and identifier(cell.value):
            yield Named(kind, cell.value), cell.key


def fits(reference: Reference, named: Named) -> bool:
    """Whether the council or the provider knows it now; of clients nobody says here."""
    written = named.written
    ref = parse_guid(written) or ""
    if named.kind == LEVELS:
        return fold(written) in reference.levels or ref in reference.level_refs
    if named.kind == CARERS:
        return written in reference.carers
    if service_of(reference, (named.other, written)).fact is not None:
        return True
    return ref in reference.service_refs or fold(written) in reference.services


def misfits(reference: Reference, visits: Iterable[tuple[Named, int]]) -> list[Misfit]:
    """What fits nothing, by kind and then most visits first, with the nearest that exists."""
    counts: dict[Named, int] = defaultdict(int)
    for named, number in visits:
        if named.kind != CLIENTS and not fits(reference, named):
            counts[Named(named.kind, named.written)] += number
    levels = Nearest(names=(level.name for level in reference.levels.values()))
    services = Nearest(names=(service.name for service in reference.services.values()))
    carers = Nearest(references=reference.carers)
    near = {LEVELS: levels.names, SERVICES: services.names, CARERS: carers.references}
    found: list[Misfit] = [
        {
            "kind": named.kind,
            "written": named.written,
            "visits": number,
            "nearest": near[named.kind](named.written),
        }
        for named, number in counts.items()
    ]
    return sorted(found, key=lambda one: (KINDS.index(one["kind"]), -one["visits"], one["written"]))
