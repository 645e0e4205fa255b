"""A stored visit as the cells of a file, and cells as a row: the words of a file serve form and API too. Pure."""

from collections.abc import Mapping
from typing import Any

from services.ingest.rows.headings import HEADINGS

COLUMN_OF = {
    "PlannedVisitDate": "planned_on",
    "PlannedEntryTime": "planned_entry",
    "PlannedExitTime": "planned_exit",
    "VisitType": "visit_type",
    "DeliveredVisitDate": "delivered_on",
    "DeliveredEntryTime": "delivered_entry",
    "DeliveredEntryTimeIsOverridden": "entry_overridden",
    "DeliveredEntryTimeOverrideReason": "entry_override_reason",
    "DeliveredExitTime": "delivered_exit",
    "DeliveredExitTimeIsOverridden": "exit_overridden",
    "DeliveredExitTimeOverrideReason": "exit_override_reason",
    "VarianceReason": "variance_reason",
    "Comments": "comments",
    "ClientRef": "client_ref",
    "SSRef": "ssref",
    "NHSNumber": "nhs_number",
    "ServiceLevel": "service_level",
    "CarerRef": "carer_ref",
    "ServiceRef": "service_ref",
    "ServiceName": "service_name",
}
"""What of the 25 columns is kept; a service level is kept by its name, the organisation is the visit's own."""

TIMES = ("PlannedEntryTime", "PlannedExitTime", "DeliveredEntryTime", "DeliveredExitTime")


def cells_of(row: Mapping[str, Any]) -> dict[str, str]:
    """A visit's values by heading, as text that a file could hold: dates as 2022-10-03, times as 09:00."""
    return {heading: _text(heading, row[column]) for heading, column in COLUMN_OF.items()}


def row_of(visit_ref: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """The row of a file that holds these values."""
    cells = {**values, "VisitRef": visit_ref, "Deleted": ""}
    return tuple(cells.get(heading, "") for heading in HEADINGS)


def _text(heading: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    return time_text(value) if heading in TIMES else str(value)


def time_text(seconds: int) -> str:
    """09:00, or 09:00:30."""
    text = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return text.removesuffix(":00") if seconds % 60 == 0 else text
