"""Importing commissioned care (RULES 2): the file, the book, what is said and what is matched again."""

import uuid
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.care_headings import HEADINGS, OPTIONAL_HEADINGS
from libs.common.files.csv_files import HEADINGS_AGAIN, FileRefused, RawFile, read_rows
from libs.common.files.objects import opened_object
from libs.common.files.rejected_rows import REASONS, undefuse, write_rejected
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit, emit_many
from libs.common.rpc import Caller
from libs.common.seams.matching.events import CareChanged
from libs.common.seams.matching.imports import CareCheck, CareImport
from services.matching.book import messages as care_messages
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.book.book import CareBook
from services.matching.book.rules import CareError
from services.matching.care import store as care_store
from services.matching.clients import store_merges
from services.matching.documents import steps as documents_steps
from services.matching.imports import checks
from services.matching.imports import store as imports_store
from services.matching.imports.failed_jobs import state_at_work
from services.matching.imports.rows import Read, read_by_trial, read_plainly, take_rows, was_tried
from services.matching.imports.views import rejected_key, show_check, show_import
from services.matching.stale_weeks import store as stale_weeks


def receive_care(
    session: Session, caller: Caller, *, import_id: uuid.UUID, object_key: str, file_name: str
) -> CareImport:
    """Take note of a care file and have it imported. Sending the same ``import_id`` again changes nothing."""
    _receive(session, caller, "importing", import_id=import_id, object_key=object_key, file_name=file_name)
    return show_import(session, import_id)


def receive_to_check(
    session: Session, caller: Caller, *, import_id: uuid.UUID, object_key: str, file_name: str
) -> CareCheck:
    """Have a care file checked, to be looked at; care is the council's. Raises Refused ``not_allowed``."""
    if caller["organisation"] is not None:
        raise Refused("not_allowed", "Commissioned care is imported by the council alone.")
    _receive(session, caller, "checking", import_id=import_id, object_key=object_key, file_name=file_name)
    return show_check(session, caller, import_id)


def _receive(
    session: Session, caller: Caller, state: str, *, import_id: uuid.UUID, object_key: str, file_name: str
) -> None:
    if imports_store.care_import(session, import_id) is None:
        imports_store.start_import(
            session,
            import_id=import_id,
            object_key=object_key,
            file_name=file_name,
            who=caller["who"],
            state=state,
        )
        body = {"import_id": str(import_id)}
        emit(session, "care_import_wanted", body, cause_id=str(import_id), lane="single")


def import_care(session: Session, message: Message, read: Read = read_plainly) -> None:
    """``care_import_wanted``: take every row, write what changed, say it, and have matched again what it touches.

    A file that is checked first is looked through alone, and changes nothing until it is confirmed. If care changed
    since, so that the check would show something else, the file goes back to be looked at again. ``read`` also says
    which rows can't be stored, where doing without knowing failed.
    """
    wanted = wanted_import(session, uuid.UUID(message.body["import_id"]))
    if wanted is None:
        return
    import_id = wanted["import_id"]
    try:
        raw = read_care(wanted["object_key"])
    except FileRefused as refusal:
        imports_store.end_import(session, import_id, state="refused", refusal=refusal.message)
        return
    if was_tried(wanted["errors"]):
        read = read_by_trial  # what was shown names rows that can't be stored
    book = take_rows(session, chain(read(session, raw.rows), headings_again(raw)))
    found = checks.findings(session, book)
    if book.errors:
        write_rejected(rejected_key(import_id), HEADINGS, raw.rows, book.errors)
    if wanted["state"] == "checking" or not checks.is_as_shown(wanted, found):
        checks.keep_check(session, wanted, found)
        return
    imported_by = wanted["confirmed_by"] or wanted["imported_by"]
    version = write_and_say(session, book, imported_by=imported_by, cause_id=message.cause_id)
    imports_store.end_import(session, import_id, state="imported", reference_version=version, **found)


def wanted_import(session: Session, import_id: uuid.UUID) -> Mapping[str, Any] | None:
    """The file that is to be checked or imported, locked, with the lock of care that this needs; None if neither."""
    state = state_at_work(imports_store.care_import(session, import_id))
    if state is None:
        return None
    care_store.lock_care(session, exclusive=state == "importing")
    found = imports_store.care_import(session, import_id, lock=True)
    return {**found, "state": state} if found is not None and state_at_work(found) == state else None


def read_care(object_key: str) -> RawFile:
    """The rows of a stored care file, unjudged. Raises FileRefused."""
    with opened_object(object_key) as content:
        raw = read_rows(content, HEADINGS, optional=OPTIONAL_HEADINGS, expected=(REASONS,))
    undefuse(raw)
    return raw


def headings_again(raw: RawFile) -> Iterator[list[CareError]]:
    """The one error of each row that holds the headings once more."""
    for row in raw.headings_again:
        yield [CareError(row, "", "", "headings_again", HEADINGS_AGAIN)]


def write_and_say(session: Session, book: CareBook, *, imported_by: str, cause_id: str) -> int:
    """Write the book's changes and emit all that follows; answers the reference version."""
    book_store.save_book(session, book, imported_by=imported_by, cause_id=cause_id)
    documents_steps.publish(session, book, imported_by=imported_by)
    care_messages.note_renamed(session, book)
    mark_stale(session, book)
    told = care_messages.list_cplis_to_say(session, book)
    book_store.renew_versions(session, told - book.changed_cplis)
    reference_version = max(store_messages.reference_version(session), *care_store.draw_versions(session, 1))
    lane = "single" if len(told) <= care_messages.SINGLE_LANE_CPLIS else "bulk"
    if book.changed_organisations or book.changed_services or book.changed_levels:
        care_messages.say_lists(session, cause_id, reference_version=reference_version)
    else:
        reference_version = store_messages.reference_version(session)
    care_messages.say_packages(session, told, reference_version, cause_id=cause_id, lane=lane)
    emit_many(
        session, "rematch_wanted", care_messages.list_rematches(session, book), cause_id=cause_id, lane=lane
    )
    return reference_version


def mark_stale(session: Session, book: CareBook) -> None:
    """The book is written: what it changes is measured again."""
    stale_weeks.mark_spans(session, book.remeasured)
    stale_weeks.mark_cplis(session, book_store.cplis_of_services(session, book.recontracted_services))


def resync_care(session: Session, cause_id: uuid.UUID) -> None:
    """Say the current state of all lists and CPLIs again, under this cause."""
    cause = str(cause_id)
    version = store_messages.reference_version(session)
    care_messages.say_lists(session, cause, reference_version=version, lane="bulk")
    merges = store_merges.all_merges(session)
    if merges:
        body: CareChanged = {"reference_version": version, "merged_clients": merges}
        emit(session, "care_changed", body, cause_id=cause)
    care_messages.say_packages(session, book_store.all_cplis(session), version, cause_id=cause, lane="bulk")
