"""Files sent to ingest as jobs (DESIGN 4.2): sent, confirmed, and followed for as long as a person would wait."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import TypeVar

from libs.common.care.clock import london_day
from libs.common.care.weeks import sunday_of
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files.objects import Content
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.progress import is_settled
from libs.common.rpc import SYSTEM, Caller
from libs.common.seams.ingest.files import FileSummary, VisitsFile
from libs.common.seams.operations import ProgressCounts
from services.portal.clients import all_clients
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.storage.steps import keep_upload, read_kept
from services.portal.web.access import the_parts
from services.portal.web.downloads import files as downloads

JOB_SECONDS = 5.0
LISTS_SECONDS = 5.0
POLL_SECONDS = 0.05
ENDED = ("refused", "applied", "cancelled", "failed")

Document = TypeVar("Document")


def send_visits_file(
    gateway: Gateway,
    caller: Caller,
    content: Content,
    *,
    file_id: uuid.UUID,
    file_name: str,
    organisation: str | None,
    confirms_itself: bool = False,
) -> VisitsFile:
    """Have a visits file checked, and applied too when it confirms itself; its document as it then is.

    Sending the same ``file_id`` again changes nothing. Raises Refused and ServiceUnavailable.
    """
    until = time.monotonic() + JOB_SECONDS
    key = f"visits-files/{file_id}.csv"
    keep_upload(the_parts(), caller, key, content)
    await_lists(gateway)
    ingest = IngestClient(gateway, caller)
    found = ingest.send_visits_file(
        file_id=str(file_id),
        organisation=organisation,
        file_name=file_name,
        object_key=key,
        confirms_itself=confirms_itself,
    )
    return follow_file(ingest, found, is_applied if confirms_itself else is_checked, until)


def await_lists(gateway: Gateway) -> None:
    """Wait until ingest has the council's newest lists, for as long as a person would: a check is judged by them."""
    until = time.monotonic() + LISTS_SECONDS
    while not has_newest_lists(gateway) and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def has_newest_lists(gateway: Gateway) -> bool:
    """Whether ingest has the lists that matching said last; True too while that can't be known."""
    try:
        wanted = MatchingClient(gateway, SYSTEM, is_quick=True).reference_version()
        return IngestClient(gateway, SYSTEM, is_quick=True).reference_version() >= wanted
    except (Refused, ServiceUnavailable):
        return True


def confirm_visits_file(
    ingest: IngestClient, file_id: str, *, check_version: int | None, accepts_changes: bool
) -> VisitsFile:
    """Have a checked file applied. Raises Refused ``check_again`` with the document when the check was another."""
    found = ingest.confirm_visits_file(
        file_id=file_id, check_version=check_version, accepts_changes=accepts_changes
    )
    return follow_file(ingest, found, lambda document: document["state"] != "applying")


@dataclass(frozen=True)
class Progress:
    """How far the services have come with what a file began: messages heard, of those said so far.

    ``dead`` of those that count as heard lie in the dead letters: nobody works on them. ``discarded``: why others were
    taken from there for good.
    """

    heard: int
    said: int
    dead: int = 0
    discarded: tuple[str, ...] = ()

    @property
    def is_done(self) -> bool:
        return self.heard == self.said


def find_progress(gateway: Gateway, caller: Caller, file_id: str) -> Progress | None:
    """How far matching and payment of a file have come; None while a service can't be asked."""
    counts = _ask_progress(gateway, caller, file_id)
    if counts is None:
        return None
    said = sum(
        sum(count["emitted"].get(event, 0) for count in counts.values()) * len(hearers)
        for event, hearers in HEARERS.items()
    )
    missing = _count_missing(counts)
    dead = sum(sum(count["dead"].values()) for count in counts.values())
    discarded = tuple(why for count in counts.values() for why in count.get("discarded", ()))
    return Progress(said - missing, said, dead, discarded)


def count_under_way(gateway: Gateway, caller: Caller) -> int | None:
    """How many messages of all that was ever said are still to be heard; None while a service can't be asked."""
    counts = _ask_progress(gateway, caller, None)
    return None if counts is None else _count_missing(counts)


def _ask_progress(gateway: Gateway, caller: Caller, cause_id: str | None) -> dict[str, ProgressCounts] | None:
    """Each service's counts; None while one can't be asked."""
    try:
        return {client.service: client.progress(cause_id=cause_id) for client in all_clients(gateway, caller)}
    except ServiceUnavailable:
        return None


def _count_missing(counts: dict[str, ProgressCounts]) -> int:
    """How many messages are still to be heard. What somebody sent by hand, and nobody said, keeps nobody waiting."""
    found = is_settled(
        {service: count["emitted"] for service, count in counts.items()},
        {service: count["received"] for service, count in counts.items()},
        {service: count["buried"] for service, count in counts.items()},
    )
    return sum(max(0, one.missing) for one in found)


def plain_name(name: str) -> str:
    """The name that a sender gave a file, as it can safely be shown."""
    return "".join(letter for letter in name if letter.isprintable())[-255:] or "visits.csv"


def is_checked(document: VisitsFile) -> bool:
    """Whether a check is done: refused or failed, or checked with its forecast, or with word that it has none."""
    is_forecast = document["forecast"] is not None or document["forecast_failure"] is not None
    return document["state"] in ENDED or (document["state"] == "checked" and is_forecast)


def is_applied(document: Mapping[str, object]) -> bool:
    """Whether a file that confirms itself is done."""
    return document["state"] in ENDED


def follow_file(
    ingest: IngestClient,
    found: VisitsFile,
    is_done: Callable[[VisitsFile], bool],
    until: float | None = None,
) -> VisitsFile:
    """The newest document of a visits file, as soon as the job is done or a person has waited long enough."""
    return follow(found, lambda: ingest.visits_file(file_id=found["id"]), is_done, until)


def follow(
    found: Document,
    look_again: Callable[[], Document],
    is_done: Callable[[Document], bool],
    until: float | None = None,
) -> Document:
    """The newest document, as soon as the job is done or a person has waited long enough.

    That is `until` a moment of time.monotonic(), or JOB_SECONDS from now. A service that goes away meanwhile does
    not undo what was asked: the last document is the answer then.
    """
    until = until or time.monotonic() + JOB_SECONDS
    pause = POLL_SECONDS
    while not is_done(found) and time.monotonic() < until:
        time.sleep(pause)
        pause = min(pause * 1.3, 0.3)
        try:
            found = look_again()
        except ServiceUnavailable:
            break
    return found


def find_rejected_rows(ingest: IngestClient, file_id: str) -> tuple[bytes, str] | None:
    """The rejected rows of a file as CSV, and the name of that file; None when no row was rejected.

    Its days are the weeks that the file changes. Raises Refused ``not_found``.
    """
    found = ingest.visits_file(file_id=file_id)
    if found["rejected_key"] is None:
        return None
    name = name_of_rows("rejected-rows-of", found, ingest.visits_file_summary(file_id=file_id))
    return read_kept(found["rejected_key"]), name


def name_of_rows(what: str, file: VisitsFile, about: FileSummary) -> str:
    """The name of a CSV file with rows of a visits file."""
    weeks = [dt.date.fromisoformat(monday) for monday in about["weeks"]]
    return downloads.file_name(
        f"{what}-{PurePath(file['file_name']).stem}",
        "csv",
        provider=about["organisation"],
        days=(min(weeks), sunday_of(max(weeks))) if weeks else None,
        as_at=london_day(dt.datetime.fromisoformat(file["uploaded_at"])),
    )
