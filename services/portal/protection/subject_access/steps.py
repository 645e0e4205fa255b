"""Asking for an export, and making those that wait."""

from __future__ import annotations

import datetime as dt
import tempfile
import threading
import uuid
from typing import BinaryIO, Final, cast

from sqlalchemy.exc import SQLAlchemyError

from libs.common.errors import Refused, ServiceUnavailable
from libs.common.files.objects import write_object
from libs.common.process import logs
from libs.common.rpc import SYSTEM
from libs.common.seams.matching.clients import DataSubject
from services.portal.accounts.environment import Parts
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.protection.subject_access import rules, store
from services.portal.protection.subject_access.making import Made, make_folder, tell_made
from services.portal.schema.tables_protection import SubjectExport

_log = logs.log(__name__)

LOOK_SECONDS: Final = 2.0
PAUSE_SECONDS: Final = 15.0
"""Before what failed for a reason that may pass is tried again."""
FAILURES: Final = {
    ServiceUnavailable: "A service did not answer, several times.",
    Refused: "A service refused to say what it holds.",
}
FAILED: Final = "It could not be made: tell whoever runs the system."


def ask_for_export(parts: Parts, subject: DataSubject, who: str, role: str) -> uuid.UUID:
    """Have all that is held about a person be put together; the id of the export."""
    export_id = uuid.uuid4()
    with parts.sessions.begin() as transaction:
        transaction.add(
            SubjectExport(
                export_id=export_id,
                client_id=uuid.UUID(subject["client_id"]),
                reference=subject["reference"],
                asked_by=who,
                asked_role=role,
                asked_at=parts.clock(),
                state=rules.WAITING,
            )
        )
    return export_id


def make_next(parts: Parts, gateway: Gateway) -> bool:
    """Make one export that waits; False where none does. Raises SQLAlchemyError."""
    with parts.sessions.begin() as transaction:
        store.give_up(transaction, parts.clock(), FAILED)
        export = store.claim_next(transaction, parts.clock())
        if export is not None:
            transaction.flush()
            transaction.expunge(export)
    if export is None:
        return False
    try:
        made, size = _make(parts, gateway, export)
    except (ServiceUnavailable, Refused, OSError) as error:
        _log.warning("export_not_made", export_id=str(export.export_id), reason=type(error).__name__)
        _end(parts, export, rules.state_after(export.attempts), failure=FAILURES.get(type(error), FAILED))
    else:
        _end(parts, export, rules.MADE, made=made, size=size)
    return True


def _make(parts: Parts, gateway: Gateway, export: SubjectExport) -> tuple[Made, int]:
    """Put the folder together in a file, then into the object store; what it holds, and how many bytes."""
    subject = MatchingClient(gateway, SYSTEM).data_subject(identifier=str(export.client_id))
    with tempfile.TemporaryFile() as file:
        sink = cast(BinaryIO, file)
        made = make_folder(
            parts.sessions, gateway, subject, sink, now=parts.clock(), council=parts.council_name
        )
        size = sink.seek(0, 2)
        tell_made(parts.sessions, subject, made, export.asked_by, export.asked_role)
        write_object(rules.key_of(export.export_id), sink)
    return made, size


def _end(
    parts: Parts,
    export: SubjectExport,
    state: str,
    *,
    made: Made | None = None,
    size: int | None = None,
    failure: str | None = None,
) -> None:
    now: dt.datetime = parts.clock()
    with parts.sessions.begin() as transaction:
        row = store.find(transaction, export.export_id)
        if row is None or row.attempts != export.attempts:
            return  # another took it on meanwhile
        row.state, row.failure = state, failure if state == rules.FAILED else None
        if made is not None:
            row.made_at, row.size_bytes, row.files, row.rows = now, size, made.files, made.rows


class Exporter:
    """Makes exports one after the other, as long as the process lives. `run` is for a thread that is kept."""

    def __init__(self, parts: Parts, gateway: Gateway) -> None:
        self._parts, self._gateway = parts, gateway

    def run(self, stop: threading.Event) -> None:
        pause = LOOK_SECONDS
        while not stop.wait(pause):
            pause = LOOK_SECONDS
            try:
                make_next(self._parts, self._gateway)
            except SQLAlchemyError as error:
                _log.warning("exports_wait", reason=type(error).__name__)
                pause = PAUSE_SECONDS
