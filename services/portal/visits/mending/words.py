"""Rows of one kind in words."""

from __future__ import annotations

from typing import Final

from libs.common.seams.ingest.mending import RowsOfKind
from services.portal.web.words import REASONS, VISIT_TYPES

CELLS: Final = {
    "client": "Client",
    "service": "Service",
    "service_level": "Service level",
    "visit_type": "Visit type",
    "carer": "Carer reference",
}
"""What is wrong in the rows, and is given another value."""
REJECTED: Final = {
    "service_level_unknown": "It is not on the council’s list, so these rows are rejected",
    "visit_type_unknown": "There is no such visit type, so these rows are rejected",
    "carer_unknown": "It is none of the provider’s carers, so these rows are rejected",
}


def what(kind: RowsOfKind) -> str:
    """Client A100; Service *Diamond - Zone 6*."""
    value = VISIT_TYPES.get(kind["value"], kind["value"]) if kind["cell"] == "visit_type" else kind["value"]
    return f"{CELLS[kind['cell']]} {value or '(empty)'}"


def why(kind: RowsOfKind) -> str:
    """Why the rows need another value."""
    return REJECTED.get(kind["fault"]) or REASONS[kind["fault"]].why
