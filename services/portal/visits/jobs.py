"""Files sent to ingest as jobs (DESIGN 4.2): sent, confirmed, and followed for as long as a person would wait."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from libs.common.errors import ServiceUnavailable
from libs.common.files.objects import write_object
from libs.common.messaging.messages import HEARERS
from libs.common.messaging.progress import missing_of
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway

JOB_SECONDS = 5.0
LISTS_SECONDS = 5.0
POLL_SECONDS = 0.05
WORKING = ("ingest", "matching", "payments", "disputes")
ENDED = ("refused", "applied", "cancelled", "failed")

Document = dict[str, Any]


def send_visits_file(
    gateway: Gateway,
    caller: Caller,
    content: bytes,
    *,
    file_id: uuid.UUID,
    file_name: str,
    organisation: str | None,
    confirms_itself: bool = False,
) -> Document:
    """Have a visits file checked, and applied too when it confirms itself; its document as it then is.

    Sending the same ``file_id`` again changes nothing. Raises Refused and ServiceUnavailable.
    """
    until = time.monotonic() + JOB_SECONDS
    key = f"visits-files/{file_id}.csv"
    write_object(key, content)
    await_lists(gateway)
    facts = {"file_id": str(file_id), "file_name": file_name, "object_key": key}
    found: Document = gateway.ask(
        "ingest",
        "send_visits_file",
        caller,
        organisation=organisation,
        confirms_itself=confirms_itself,
        **facts,
    )
    return followed(gateway, caller, found, is_applied if confirms_itself else is_checked, until)


def await_lists(gateway: Gateway) -> None:
    """Wait until ingest has the council's newest lists, for as long as a person would: a check is judged by them."""
    until = time.monotonic() + LISTS_SECONDS
    while not gateway.has_newest_lists() and time.monotonic() < until:
        time.sleep(POLL_SECONDS)


def confirm_visits_file(
    gateway: Gateway, caller: Caller, file_id: str, *, check_version: int | None, accepts_changes: bool
) -> Document:
    """Have a checked file applied. Raises Refused ``check_again`` with the document when the check was another."""
    facts = {"check_version": check_version, "accepts_changes": accepts_changes}
    found: Document = gateway.ask("ingest", "confirm_visits_file", caller, file_id=file_id, **facts)
    return followed(gateway, caller, found, lambda document: document["state"] != "applying")


@dataclass(frozen=True)
class Progress:
    """How far the services have come with what a file began: messages heard, of those said so far.

    ``dead`` of those that count as heard lie in the dead letters: nobody works on them.
    """

    heard: int
    said: int
    dead: int = 0

    @property
    def is_done(self) -> bool:
        return self.heard == self.said


def progress(gateway: Gateway, caller: Caller, file_id: str) -> Progress | None:
    """How far matching and payment of a file have come; None while a service can't be asked."""
    try:
        counts = {service: gateway.ask(service, "progress", caller, cause_id=file_id) for service in WORKING}
    except ServiceUnavailable:
        return None
    said = sum(
        sum(count["emitted"].get(event, 0) for count in counts.values()) * len(hearers)
        for event, hearers in HEARERS.items()
    )
    missing = sum(one.missing for one in missing_of(counts))
    dead = sum(sum(count["dead"].values()) for count in counts.values())
    return Progress(said - missing, said, dead)


def under_way(gateway: Gateway, caller: Caller) -> int | None:
    """How many messages of all that was ever said are still to be heard; None while a service can't be asked."""
    try:
        counts = {service: gateway.ask(service, "progress", caller) for service in WORKING}
    except ServiceUnavailable:
        return None
    return sum(abs(one.missing) for one in missing_of(counts))


def plain_name(name: str) -> str:
    """The name that a sender gave a file, as it can safely be shown."""
    return "".join(letter for letter in name if letter.isprintable())[-255:] or "visits.csv"


def is_checked(document: Document) -> bool:
    """Whether a check is done: refused or failed, or checked with its forecast, or with word that it has none."""
    is_forecast = document["forecast"] is not None or document.get("forecast_failure") is not None
    return document["state"] in ENDED or (document["state"] == "checked" and is_forecast)


def is_applied(document: Document) -> bool:
    """Whether a file that confirms itself is done."""
    return document["state"] in ENDED


def followed(
    gateway: Gateway,
    caller: Caller,
    found: Document,
    is_done: Callable[[Document], bool],
    until: float | None = None,
) -> Document:
    """The newest document of a visits file, as soon as the job is done or a person has waited long enough."""
    look_again = partial(gateway.ask, "ingest", "visits_file", caller, file_id=found["id"])
    return awaited(found, look_again, is_done, until)


def awaited(
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
