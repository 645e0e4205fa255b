"""What of a stack is its council's own, said once: `council.env` in its home.

    PORTAL_COUNCIL_NAME=Oxfordshire County Council
    PORTAL_COUNCIL_ADDRESS=County Hall, New Road, Oxford
    PORTAL_COLOUR=#1d3c5c

So each of several councils on a machine is started by one command, and again after a restart. Its lists and rules are
rows of its own database.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from dotenv import dotenv_values

from deploy.local.home import StackFailed

FILE: Final = "council.env"
NOT_A_LINE: Final = "{file} has the line “{line}”: write NAME=value, one a line."


def settings_of(home: Path) -> dict[str, str]:
    """The settings of a stack's processes that its home says; none without the file. Raises StackFailed."""
    file = home / FILE
    if not file.is_file():
        return {}
    found: dict[str, str] = {}
    for name, value in dotenv_values(file, interpolate=False, encoding="utf-8").items():
        if value is None:
            raise StackFailed(NOT_A_LINE.format(file=file, line=name))
        found[name] = value
    return found
