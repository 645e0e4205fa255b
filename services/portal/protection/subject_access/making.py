"""Making the folder of all that is held about a person: by the portal in the background, and by the command line."""

from __future__ import annotations

import datetime as dt
from typing import BinaryIO, NamedTuple

from libs.common.process.database import Sessions
from libs.common.rpc import SYSTEM
from libs.common.seams.matching.clients import DataSubject
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.evidence.telling import Told, tell_at_once
from services.portal.evidence.words import EXPORTED
from services.portal.protection.subject_access.folder import Folder
from services.portal.protection.subject_access.gathering import Gatherer
from services.portal.protection.subject_access.overview import overview
from services.portal.protection.subject_access.own import own_parts
from services.portal.protection.subject_access.parts import total
from services.portal.protection.subject_access.rules import name_of_folder


class Made(NamedTuple):
    """What a folder holds."""

    files: int
    rows: int


def make_folder(
    sessions: Sessions,
    gateway: Gateway,
    subject: DataSubject,
    sink: BinaryIO,
    *,
    now: dt.datetime,
    council: str,
) -> Made:
    """Write all that is held about a person into ``sink``, as a ZIP file. sessions: with the portal's own database.

    Raises ServiceUnavailable, Refused and SQLAlchemy's errors: what is written by then is of no use.
    """
    folder = Folder(sink, name_of_folder(subject["reference"], now.date()), now)
    providers = MatchingClient(gateway, SYSTEM).organisation_names(organisation_ids=None)
    names = [*subject["client_ids"], *subject["identifiers"]]
    held = Gatherer(gateway, folder, subject).gather(own_parts(sessions, names, providers))
    folder.write("overview.html", [overview(subject, held, now, council).encode()])
    folder.close()
    return Made(folder.files, total(held))


def tell_made(sessions: Sessions, subject: DataSubject, made: Made, who: str, role: str) -> None:
    """Have evidence say that somebody was given all that is held about a person, before they are."""
    told = Told(
        EXPORTED,
        who=who,
        role=role,
        about=[("client_id", subject["client_id"])],
        clients=[subject["client_id"], subject["reference"]],
        outcome=f"{made.files:,} files, {made.rows:,} rows",
    )
    tell_at_once(sessions, told)
