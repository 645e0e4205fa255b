"""Which of many visits can be deleted as they were seen (RULES 4, 20). Pure."""

from collections.abc import Mapping
from typing import Any, Final

NOT_THERE: Final = "There is no such visit."
DELETED_BY_OTHERS: Final = "Somebody else has deleted it meanwhile."
CHANGED: Final = "It was changed after you had looked at it."


def why_left(row: Mapping[str, Any] | None, version: int, who: str) -> str | None:
    """Why a visit of which this version was seen is not deleted by ``who``; None for one that is, or was by them."""
    if row is None:
        return NOT_THERE
    if row["deleted"]:
        return None if row["changed_by"] == who else DELETED_BY_OTHERS
    return None if row["version"] == version else CHANGED
