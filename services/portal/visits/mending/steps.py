"""All rows of one kind are given another value: the file is written anew and checked again, in the place of the one
before (RULES 4)."""

from __future__ import annotations

import uuid
from pathlib import PurePath
from typing import Final

from libs.common.errors import Refused
from libs.common.files.objects import opened_object
from libs.common.seams.ingest.files import VisitsFile
from libs.common.seams.ingest.mending import RowsOfKind
from services.portal.visits.files import jobs
from services.portal.visits.mending.rewriting import rewritten
from services.portal.web.access import caller
from services.portal.web.calls import gateway, ingest

MENDED: Final = "mended "
"""How the names of files begin that were written anew."""
NO_SUCH_ROWS: Final = "No row of this file has this fault any more: look at its check again."
CHECKED_AGAIN: Final = "The file was checked again since: look at its rows as they are now."


def require_kind(file_id: str, fault: str, value: str) -> RowsOfKind:
    """The rows of one kind. Raises Refused ``not_found``."""
    for one in ingest().kinds_of_rows(file_id=file_id):
        if (one["fault"], one["value"]) == (fault, value):
            return one
    raise Refused("not_found", NO_SUCH_ROWS)


def find_mended(file_id: uuid.UUID) -> VisitsFile | None:
    """The file that a press made before; None where it is the first."""
    try:
        return ingest().visits_file(file_id=str(file_id))
    except Refused as refused:
        if refused.code != "not_found":
            raise
        return None


def id_of_mended(file_id: str, check_version: int, kind: tuple[str, str], chosen: str) -> uuid.UUID:
    """The same for the same mend of the same check: pressing twice makes one file."""
    return uuid.uuid5(uuid.UUID(file_id), "/".join((str(check_version), *kind, chosen)))


def mend(file: VisitsFile, kind: RowsOfKind, chosen: str, check_version: int) -> VisitsFile:
    """Have the file checked with this value in all rows of the kind; the one before is cancelled.

    Raises Refused ``check_again`` where the file was checked anew since, ``not_found``, and what an upload does.
    """
    mended_id = id_of_mended(file["id"], check_version, (kind["fault"], kind["value"]), chosen)
    known = find_mended(mended_id)
    if known is not None:
        return known
    found = ingest().rows_of_kind(file_id=file["id"], fault=kind["fault"], value=kind["value"])
    if found["check_version"] != check_version:
        raise Refused("check_again", CHECKED_AGAIN)
    if not found["rows"]:
        raise Refused("not_found", NO_SUCH_ROWS)
    whose = ingest().visits_file_summary(file_id=file["id"])["organisation"]
    try:
        with opened_object(found["object_key"]) as content:
            changed = rewritten(content, frozenset(found["rows"]), {kind["cell"]: chosen})
    except FileNotFoundError:
        raise Refused("not_found", "This file is not kept any more.") from None
    with changed:
        sent = jobs.send_visits_file(
            gateway(),
            caller(),
            changed,
            file_id=mended_id,
            file_name=name_of_mended(file["file_name"]),
            organisation=None if caller()["organisation"] else whose,
        )
    try:
        ingest().cancel_visits_file(file_id=file["id"])
    except Refused as refused:
        if refused.code != "wrong_state":  # somebody else updated from it, or cancelled it, just now
            raise
    return sent


def name_of_mended(name: str) -> str:
    """mended week.csv, however often it is mended."""
    return jobs.plain_name(f"{MENDED}{PurePath(name).name.removeprefix(MENDED)}")
