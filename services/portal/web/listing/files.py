"""The columns of files of lists of files that were sent."""

from __future__ import annotations

from typing import Final

from services.portal.web.listing.columns import Cell, name_from
from services.portal.web.words import FILE_STATES

FILE_COLUMNS: Final[dict[str, Cell]] = {
    "File": "file_name",
    "Provider": "organisation",
    "Sent": "uploaded_at",
    "Sent by": name_from("people", "uploaded_by"),
    "Read": "counts.read",
    "Rejected": "counts.rejected",
    "State": lambda file, page: FILE_STATES[file["state"]][0],
    "Confirmed": "confirmed_at",
}
