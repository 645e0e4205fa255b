"""The columns of files of visits: what their lists show, and more."""

from __future__ import annotations

from typing import Final

from services.portal.web.listing.columns import Cell, key, name_from
from services.portal.web.words import VISIT_TYPES

COLUMNS: Final[dict[str, Cell]] = {
    "VisitRef": "ref",
    "Provider": "organisation",
    "Client": "client",
    "Client name": name_from("names", "client"),
    "Service": key("values.ServiceName", "values.ServiceRef"),
    "Service level": key("values.ServiceLevel", "values.ServiceLevelRef"),
    "Visit type": lambda row, page: VISIT_TYPES.get(row["values"]["VisitType"], row["values"]["VisitType"]),
    "Planned date": "planned_on",
    "Planned entry": "values.PlannedEntryTime",
    "Planned exit": "values.PlannedExitTime",
    "Delivered date": "values.DeliveredVisitDate",
    "Delivered entry": "values.DeliveredEntryTime",
    "Delivered exit": "values.DeliveredExitTime",
    "Carer": "values.CarerRef",
    "Comments": "values.Comments",
}
