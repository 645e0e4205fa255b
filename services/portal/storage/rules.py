"""How much an organisation's files may hold, and how many it may send. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from libs.common.errors import Refused

COUNCIL: Final = "council"
"""The owner of what the council itself sends."""
COUNCIL_TIMES: Final = 10
"""How many times as much the council may hold as a provider, unless it set another figure for itself."""
DEFAULT_MOST_BYTES: Final = 5_000_000_000
DEFAULT_FILES_A_DAY: Final = 2_000
FULL: Final = 507
UNPROCESSABLE: Final = 422
A_DAY: Final = dt.timedelta(hours=24)
UNATTACHED: Final = dt.timedelta(days=2)
"""A file that no service needs is kept for so long: its message, or its confirmation, may still come."""
ASKED_AGAIN: Final = dt.timedelta(days=7)
"""Services are asked so often whether they still need a file that they needed."""

FOLDERS: Final = (
    "visits-files",
    "actuals-files",
    "care-files",
    "carers-files",
    "attachments",
    "rejected",
    "forecasts",
    "subject-access",
    "parts",
)
"""All that the object store holds; what lies elsewhere in it is nobody's here, and left alone."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What an organisation may hold in bytes, and how many files it may send within 24 hours."""

    most_bytes: int = DEFAULT_MOST_BYTES
    files_a_day: int = DEFAULT_FILES_A_DAY


def allowed_to(owner: str, own_bytes: int | None, default: Allowed) -> Allowed:
    """What holds for this owner: its own figure, or the default."""
    times = COUNCIL_TIMES if owner == COUNCIL else 1
    most_bytes = default.most_bytes * times if own_bytes is None else own_bytes
    return Allowed(most_bytes, default.files_a_day * times)


def refuse_beyond(allowed: Allowed, *, held_bytes: int, files_today: int, size: int) -> None:
    """Raises Refused ``storage_full`` and ``too_many_files`` for a file of ``size`` bytes more."""
    if held_bytes + size > allowed.most_bytes:
        raise Refused(
            "storage_full",
            f"Your organisation’s files hold {megabytes(held_bytes)} and may hold {megabytes(allowed.most_bytes)}, so this"
            f" one of {megabytes(size)} was not kept: ask the council for more room.",
            {"held_bytes": held_bytes, "most_bytes": allowed.most_bytes, "size_bytes": size},
        )
    if files_today >= allowed.files_a_day:
        raise Refused(
            "too_many_files",
            f"Your organisation has sent {files_today:,} files within 24 hours and may send {allowed.files_a_day:,}, so this"
            " one was not kept: send it tomorrow, and several weeks in one file.",
            {"files_sent": files_today, "files_a_day": allowed.files_a_day},
        )


def status_of_upload(refused: Refused) -> int:
    """The status of a form that shows why its file was refused."""
    return FULL if refused.code in ("storage_full", "too_many_files") else UNPROCESSABLE


def megabytes(size: int) -> str:
    """A number of bytes as people read it."""
    return f"{size / 1e9:,.2f} GB" if size >= 1_000_000_000 else f"{size / 1e6:,.2f} MB"
