"""Which faults of rows one other value mends, and in which cell (RULES 4). Pure."""

from typing import Final

OF_MATCHING: Final = {
    "no_package": "client",
    "wrong_service": "service",
    "wrong_service_level": "service_level",
}
"""Reasons for which rows will have no match."""
OF_ROWS: Final = {
    "service_level_unknown": "service_level",
    "visit_type_unknown": "visit_type",
    "carer_unknown": "carer",
}
"""Codes of errors for which rows are rejected."""
MENDED_BY: Final = {**OF_MATCHING, **OF_ROWS}
"""By fault the cell that mends it, by the name that forms have for it."""
