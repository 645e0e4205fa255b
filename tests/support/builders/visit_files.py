"""Builders of what the rules of a visits file take: rows, files, and what is known when a file is checked."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from libs.common.care.names import fold
from libs.common.care.organisation_ids import organisation_id_of
from libs.common.care.reference import DEFAULT_SERVICE_LEVELS, DEFAULT_VISIT_TYPES
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.rules import LevelFact, Reference, ServiceFact, VisitTypeFact

ORGANISATION = "Diamond Home Care Ltd"
ORGANISATION_REF = "5F54B181-1C7B-469E-B37C-4B93FA9EBE1E"
DAPL_REF = "2AF2A963-93C6-4ECD-921A-0DB130398ED3"
DAPL = "Diamond Home Care - DAPL Oxford"
LWAH_REF = "2AF2A963-93C6-4ECD-921A-0DB130398ED4"
LWAH = "Diamond Home Care - Zone 6 - Oxford"
FOREIGN_SERVICE_REF = "2AF2A963-93C6-4ECD-921A-0DB130398ED5"
PERSONAL_CARE_REF = "97D54925-7210-436E-8D97-9727CD416685"
HOME_SUPPORT_REF = "97D54925-7210-436E-8D97-9727CD416686"
OTHER_REF = "11111111-2222-4333-8444-555555555555"


def a_reference(**changes: Any) -> Reference:
    """What is known of Diamond Home Care Ltd: two services, carer C1, and the visit V0."""
    dapl, lwah = ServiceFact(DAPL_REF, DAPL, "DAPL"), ServiceFact(LWAH_REF, LWAH, "LWAH")
    levels = default_levels({"Personal Care": PERSONAL_CARE_REF, "Home Support": HOME_SUPPORT_REF})
    known: dict[str, Any] = {
        "organisation_id": organisation_id_of(ORGANISATION),
        "organisation_name": ORGANISATION,
        "organisation_ref": ORGANISATION_REF,
        "services": {fold(DAPL): dapl, fold(LWAH): lwah},
        "service_refs": {DAPL_REF: dapl, LWAH_REF: lwah},
        "foreign_service_refs": frozenset({FOREIGN_SERVICE_REF}),
        "levels": levels,
        "level_refs": {level.ref: level for level in levels.values() if level.ref},
        "visit_types": {
            type_.ref: VisitTypeFact(type_.ref, type_.delivered, type_.paid) for type_ in DEFAULT_VISIT_TYPES
        },
        "carers": frozenset({"C1"}),
        "deletable": {"V0"},
    }
    return Reference(**(known | changes))


def default_levels(refs: dict[str, str]) -> dict[str, LevelFact]:
    """The default list by folded name and alias; `refs` are those that care has named."""
    return {
        fold(name): LevelFact(refs.get(level.name), level.name, level.requires_visits)
        for level in DEFAULT_SERVICE_LEVELS
        for name in (level.name, *level.aliases)
    }


def reference_from_care(care: Path, organisation: str, carers: Iterable[str] = ()) -> Reference:
    """What is known of an organisation once a care file has been imported."""
    with care.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    own = [row for row in rows if fold(row["OrganisationName"]) == fold(organisation)]
    services = {
        row["ServiceRef"]: ServiceFact(row["ServiceRef"], row["ServiceName"], row["Contract"]) for row in own
    }
    levels = default_levels({row["ServiceLevel"]: row["ServiceLevelRef"] for row in rows})
    return a_reference(
        organisation_id=organisation_id_of(organisation),
        organisation_name=organisation,
        organisation_ref=own[0]["OrganisationRef"],
        services={fold(service.name): service for service in services.values()},
        service_refs=services,
        foreign_service_refs=frozenset(row["ServiceRef"] for row in rows) - frozenset(services),
        levels=levels,
        level_refs={level.ref: level for level in levels.values() if level.ref},
        carers=frozenset(carers),
        deletable=frozenset(),
    )


def a_row(**changes: str) -> tuple[str, ...]:
    """Cells of an acceptable DHS visit without issues, in the order of HEADINGS."""
    cells = dict.fromkeys(HEADINGS, "") | {
        "VisitRef": "V1",
        "PlannedVisitDate": "01/08/2022",
        "PlannedEntryTime": "09:00",
        "PlannedExitTime": "09:30",
        "VisitType": "DHS",
        "DeliveredVisitDate": "01/08/2022",
        "DeliveredEntryTime": "09:02",
        "DeliveredExitTime": "09:31",
        "SSRef": "A123456",
        "ServiceLevel": "Personal Care",
        "ServiceName": DAPL,
    }
    unknown = changes.keys() - cells.keys()
    assert not unknown, unknown
    return tuple((cells | changes).values())


def an_undelivered_row(**changes: str) -> tuple[str, ...]:
    """Cells of an acceptable cancelled visit (C24) with its comment."""
    empty = {"DeliveredVisitDate": "", "DeliveredEntryTime": "", "DeliveredExitTime": ""}
    return a_row(**({"VisitType": "C24", "Comments": "Away"} | empty | changes))


def a_file(*rows: Sequence[str], headings: Sequence[str] = HEADINGS, line_end: str = "\r\n") -> str:
    """The text of a CSV file with these rows."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=line_end).writerows([headings, *rows])
    return text.getvalue()
