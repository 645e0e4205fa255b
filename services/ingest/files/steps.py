"""The steps of an import: receive, check, confirm, apply, cancel (RULES 4). Takes a session, never commits."""

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import func
from sqlalchemy.orm import Session

from libs.common.errors import Refused
from libs.common.files.listed import write_listed
from libs.common.files.objects import digest_of_object, lane_of_object
from libs.common.files.spooled import PORTION
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit, emit_many
from libs.common.operations.dead_letters import DeadLetter
from libs.common.rpc import Caller
from libs.common.seams import events
from libs.common.seams.ingest import files as seams
from services.ingest import callers
from services.ingest.files import same_file, store
from services.ingest.files.failed_jobs import end_job, is_at_work
from services.ingest.files.judging import Judgement, judge, keep_judgement
from services.ingest.files.unstorable import Find, clear_rows, find_none
from services.ingest.files.views import file_document, require_file
from services.ingest.forecasts.steps import NOTHING_CHANGES, keep_will_match
from services.ingest.reference import store as reference_store
from services.ingest.rows.reading import FileRefused
from services.ingest.schema.tables import VisitsFile
from services.ingest.visits import store as visits_store
from services.ingest.visits.events import bodies_in_order, bodies_of, days_of
from services.ingest.visits.weeks import note_weeks_changed

SINGLE_LANE_ROWS = 20
# The moves a file's state may make (RULES 4).
MOVES = {
    "checking": {"checked", "refused", "cancelled"},  # and "failed", as "applying": `failed_jobs.py`
    "checked": {"applying", "cancelled"},
    "applying": {"applied", "checked"},
    "applied": set(),
    "refused": set(),
    "cancelled": set(),
    "failed": set(),
}


def move(file: VisitsFile, state: str) -> None:
    """Move a file to a state that its present one allows; raises Refused ``wrong_state`` otherwise."""
    if state not in MOVES[file.state]:
        raise Refused("wrong_state", f"This file is {file.state}; it can't become {state}.")
    file.state = state


def receive_file(
    session: Session,
    caller: Caller,
    *,
    file_id: uuid.UUID,
    organisation: str,
    file_name: str,
    object_key: str,
    confirms_itself: bool = False,
) -> seams.VisitsFile | seams.ReceivedFile:
    """Take note of an uploaded file and have it checked. Sending the same ``file_id`` again changes nothing.

    ``confirms_itself``: it is applied once its forecast is known, whatever the check gives.
    """
    known = store.find_file(session, file_id)
    if known is not None:
        return file_document(known)
    organisation_id, is_known = reference_store.organisation_named(session, organisation)
    file = VisitsFile(
        file_id=file_id,
        organisation_id=organisation_id,
        file_name=file_name,
        object_key=object_key,
        sha256="",
        state="checking",
        uploaded_by=caller["who"],
        confirms_itself=confirms_itself,
    )
    session.add(file)
    session.flush()
    wanted: events.FileWanted = {"file_id": str(file_id)}
    emit(session, "check_wanted", wanted, cause_id=str(file_id), lane=lane_of_object(object_key))
    return {**file_document(file), "organisation_known": is_known}


def send_file(
    session: Session,
    caller: Caller,
    *,
    file_id: uuid.UUID,
    organisation: str | None,
    file_name: str,
    object_key: str,
    confirms_itself: bool,
) -> seams.VisitsFile | seams.ReceivedFile:
    """Have a file checked that a provider sends for itself, or the council for the organisation that it names.

    Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    return receive_file(
        session,
        caller,
        file_id=file_id,
        organisation=callers.sender_name(session, caller, organisation),
        file_name=file_name,
        object_key=object_key,
        confirms_itself=confirms_itself,
    )


def check_file(session: Session, message: Message, find: Find = find_none) -> None:
    """``check_wanted``: judge the file, stage what it would change, and ask what that would pay.

    ``find`` says which rows can't be stored, where doing without knowing failed.
    """
    file = store.find_file(session, uuid.UUID(message.body["file_id"]), lock=True)
    if file is None or not is_at_work(file, "checking"):
        return
    file.sha256 = digest_of_object(file.object_key)
    session.flush()
    try:
        judgement = judge(session, file, find)
    except FileRefused as refusal:
        refuse(file, refusal.code, refusal.message)
        return
    before = judgement.imported_before
    if before is not None and judgement.changes_nothing:
        store.forget_judged(session, file.file_id)
        refuse(file, "already_imported", same_file.refusal_of(before, judgement.counts["rejected"]))
        return
    keep_judgement(session, file, judgement)
    move(file, "checked")
    ask_forecast(session, file, judgement)
    confirm_by_itself(session, file)


def confirm_by_itself(session: Session, file: VisitsFile) -> None:
    """Confirm a file whose sender asked for that with the upload; after its forecast, which compares with before."""
    is_forecast = file.forecast_payable is not None or file.forecast_failure is not None
    if file.confirms_itself and file.state == "checked" and is_forecast:
        apply_later(session, file, accepts_changes=True, who=file.uploaded_by)


def refuse(file: VisitsFile, code: str, sentence: str) -> None:
    """Refuse a whole file, with one sentence that says what to do (RULES 3)."""
    move(file, "refused")
    file.refusal_code, file.refusal = code, sentence


def ask_forecast(session: Session, file: VisitsFile, judgement: Judgement) -> None:
    """``visits_checked``: what the file would change goes to matching by reference; nothing changed pays nothing."""
    file.forecast_failure = None
    if judgement.changes_nothing:
        file.forecast_payable, file.forecast_clients = Decimal("0.00"), None
        file.will_match = NOTHING_CHANGES
        return
    session.flush()
    file.forecast_payable = file.forecast_clients = file.will_match = None
    key = f"forecasts/{file.file_id}-{file.check_version}-visits.json"
    write_listed(key, bodies_in_order(file.organisation_id, store.stream_staged(session, file)))
    body: events.VisitsChecked = {
        "file_id": str(file.file_id),
        "check_version": file.check_version,
        "object_key": key,
    }
    emit(session, "visits_checked", body, cause_id=str(file.file_id))


def take_forecast(session: Session, message: Message) -> None:
    """``file_forecast``: what the file would pay and how it would match, if it is still the check that was asked about.

    One that arrives after the file was applied says nothing: it may have been worked out when its visits were known
    already, and would be 0.00. Then the forecast stays unknown.
    """
    file = store.find_file(session, uuid.UUID(message.body["file_id"]), lock=True)
    if file is None or file.state not in ("checked", "applying"):
        return
    if file.check_version == message.body["check_version"]:
        file.forecast_payable, file.forecast_failure = Decimal(message.body["payable"]), None
        largest, more = message.body.get("clients"), message.body.get("more_clients")
        file.forecast_clients = {"largest": largest or [], "more": more or 0}
        keep_will_match(session, file, message.body["will_match"])
        file.file_warnings = with_money_moved(file.file_warnings, message.body.get("moved"))
        confirm_by_itself(session, file)


def with_money_moved(
    warnings: list[seams.FileWarningDocument], pounds: str | None
) -> list[seams.FileWarningDocument]:
    """A file's warnings, with what was payable for the visits that it moves (RULES 3, `moved`)."""
    if pounds is None:
        return warnings
    return [_with_money(one, pounds) if one["code"] == "moved" else one for one in warnings]


def _with_money(moved: seams.FileWarningDocument, pounds: str) -> seams.FileWarningDocument:
    these, them = ("these visits", "them") if (moved["rows"] or 0) > 1 else ("this visit", "it")
    sentence = f" What is payable for {these} now is £{Decimal(pounds):,}, which moves with {them}."
    return {**moved, "message": moved["message"] + sentence}


def take_letter(session: Session, letter: DeadLetter) -> None:
    """A message of any service died: its file's job fails, or goes on without a forecast."""
    without_forecast = end_job(session, letter)
    if without_forecast is not None:
        confirm_by_itself(session, without_forecast)


def confirm_file(
    session: Session,
    caller: Caller,
    *,
    file_id: uuid.UUID,
    check_version: int | None = None,
    accepts_changes: bool = False,
) -> seams.VisitsFile:
    """Have a checked file applied. Confirming twice applies once.

    ``check_version`` is the check that was shown: another one since raises Refused ``check_again``, unless the
    caller accepts whatever a new check gives.
    """
    file = require_file(session, file_id, lock=True)
    if file.state in ("applying", "applied"):
        return file_document(file)
    if check_version is not None and check_version != file.check_version and not accepts_changes:
        raise Refused(
            "check_again",
            "The file was checked again since: look at the new counts.",
            {**file_document(file)},
        )
    apply_later(session, file, accepts_changes=accepts_changes, who=caller["who"])
    return file_document(file)


def apply_later(session: Session, file: VisitsFile, *, accepts_changes: bool, who: str) -> None:
    """Note who confirmed a checked file and have it applied. Raises Refused ``wrong_state``."""
    move(file, "applying")
    file.accepts_changes, file.confirmed_by, file.confirmed_at = accepts_changes, who, func.now()
    wanted: events.FileWanted = {"file_id": str(file.file_id)}
    emit(session, "apply_wanted", wanted, cause_id=str(file.file_id), lane=lane_of(file))
    session.flush()
    session.refresh(file)


def cancel_file(session: Session, *, file_id: uuid.UUID) -> seams.VisitsFile:
    """Drop a checked file; nothing of it was applied. Raises Refused ``not_found`` and ``wrong_state``."""
    file = require_file(session, file_id, lock=True)
    if file.state != "cancelled":
        move(file, "cancelled")
    return file_document(file)


def apply_file(session: Session, message: Message, find: Find = find_none) -> None:
    """``apply_wanted``: make the accepted rows true, all at once, and say what changed.

    If visits, carers or the council's lists moved on since the check, or it failed to be applied, the file is judged
    again; a result that differs from what was shown goes back to be confirmed, unless the caller accepts it.
    """
    file = require_file(session, uuid.UUID(message.body["file_id"]), lock=True)
    if not is_at_work(file, "applying"):
        return
    visits_store.lock_organisation(session, file.organisation_id)
    if find is not find_none or file.judged_by != store.find_judged_by(session, file.organisation_id):
        counts = file.counts
        judgement = judge(session, file, find)
        keep_judgement(session, file, judgement)
        # those of another check
        file.forecast_payable = file.forecast_clients = file.forecast_failure = file.will_match = None
        if judgement.counts != counts and not file.accepts_changes:
            move(file, "checked")
            ask_forecast(session, file, judgement)
            return
    session.flush()
    changed = store.apply_staged(session, file, is_large=count_changes(file) > PORTION)
    days = set(changed.days_before)
    bodies = _said_of(session, file, changed, days)
    emit_many(session, "visits_changed", bodies, cause_id=message.cause_id, lane=lane_of(file))
    note_weeks_changed(session, file.organisation_id, days)
    move(file, "applied")


def _said_of(
    session: Session, file: VisitsFile, changed: store.AppliedRows, days: set[dt.date | None]
) -> Iterator[events.VisitsChanged]:
    """What is said of a file's visits, message by message; their days are added to ``days``."""
    organisation_id = file.organisation_id
    bodies = (
        bodies_in_order(organisation_id, store.stream_applied(session, file))
        if changed.visits is None
        else bodies_of(organisation_id, changed.visits)
    )
    for body in bodies:
        days.update(days_of(body["columns"]["planned_on"]))
        clear_rows(session, file, body["columns"]["visit_ref"])
        yield body


def lane_of(file: VisitsFile) -> str:
    """A correction of a few visits overtakes whole files, from its confirmation on."""
    return "single" if count_changes(file) <= SINGLE_LANE_ROWS else "bulk"


def count_changes(file: VisitsFile) -> int:
    """How many visits a file that was checked stores or deletes."""
    counts = file.counts
    return counts["new"] + counts["updated"] + counts["deleted"] if counts else 0
