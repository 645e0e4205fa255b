"""A file of actuals: received, checked, confirmed, applied, cancelled (RULES 13, as 4). Takes a session, never commits."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from sqlalchemy import func
from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.money import NOTHING
from libs.common.errors import Refused
from libs.common.files.actual_files import HEADINGS
from libs.common.files.csv_files import FileRefused, RawFile
from libs.common.files.objects import lane_of_object, opened_object
from libs.common.files.rejected_rows import write_rejected
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.operations.dead_letters import DeadLetter
from libs.common.rpc import Caller
from libs.common.seams.events import FileWanted
from libs.common.seams.ingest.actuals import ActualsFileDocument
from libs.common.seams.ingest.files import FileCounts
from services.ingest.actuals import extra_rules_store, packages, store
from services.ingest.actuals.events import say_changed
from services.ingest.actuals.file_rules import JudgedWeek, Key, judge_rows, together
from services.ingest.actuals.file_views import file_document, rejected_key, require_file
from services.ingest.actuals.packages import ActualPackage
from services.ingest.actuals.rules import DatedExtraRules, Fault, WeekAsked, rules_on
from services.ingest.actuals.steps import refusal_of
from services.ingest.actuals.store import Entry, StoredActual
from services.ingest.actuals.views import cost_of_lines
from services.ingest.callers import sender_name
from services.ingest.files import store as files_store
from services.ingest.reference.store import organisation_named
from services.ingest.rows.facts import RowError
from services.ingest.rows.reading import headings_again, read_actuals_csv
from services.ingest.schema.tables import ActualsFile
from services.ingest.visits.store import lock_organisation

SINGLE_LANE_WEEKS: Final = 20
NOT_YOURS: Final = (
    "There is no care package line item of this number with this provider that is paid by actuals."
)
FAILED: Final = (
    "The file could not be {what}, and nothing of it was stored: send it again, and if that fails too,"
    " tell the council’s system manager its number, {id}."
)
STATE_OF_JOB: Final = {"actuals_check_wanted": "checking", "actuals_apply_wanted": "applying"}
MOVES: Final = {
    "checking": {"checked", "refused", "cancelled"},
    "checked": {"applying", "cancelled"},
    "applying": {"applied", "checked"},
}
"""The moves that a file's state may make; a job that dies ends in ``failed``."""


def send_file(
    session: Session,
    caller: Caller,
    *,
    file_id: uuid.UUID,
    organisation: str | None,
    file_name: str,
    object_key: str,
    confirms_itself: bool,
) -> ActualsFileDocument:
    """Have a file checked that a provider sends for itself, or the council for the organisation that it names.

    Sending the same ``file_id`` again changes nothing. Raises Refused ``not_found`` and ``organisation_wanted``.
    """
    known = session.get(ActualsFile, file_id)
    if known is not None:
        return file_document(known)
    organisation_id, _ = organisation_named(session, sender_name(session, caller, organisation))
    file = ActualsFile(
        file_id=file_id,
        organisation_id=organisation_id,
        file_name=file_name,
        object_key=object_key,
        state="checking",
        uploaded_by=caller["who"],
        confirms_itself=confirms_itself,
    )
    session.add(file)
    session.flush()
    wanted: FileWanted = {"file_id": str(file_id)}
    emit(session, "actuals_check_wanted", wanted, cause_id=str(file_id), lane=lane_of_object(object_key))
    return file_document(file)


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check found: every actual, those that would change something, and the difference in pounds."""

    raw: RawFile
    weeks: Sequence[JudgedWeek]
    entries: Sequence[Entry]
    counts: FileCounts
    payable: Decimal

    @property
    def errors(self) -> list[RowError]:
        """Every reason of every rejected row, in the order of the rows."""
        found = [error for week in self.weeks for error in week.errors]
        return sorted([*found, *headings_again(self.raw)], key=lambda error: error.row)


def judge(session: Session, file: ActualsFile) -> Judgement:
    """Read and judge a file against what is planned and saved now. Raises FileRefused."""
    with opened_object(file.object_key) as content:
        raw = read_actuals_csv(content)
    known = KnownWeeks(session, file)
    weeks = judge_rows(raw.rows, known.asked_of)
    accepted = [week for week in weeks if week.key is not None and not week.errors]
    changed = [week for week in accepted if known.is_changed(week)]
    entries = [known.entry_of(week) for week in changed]
    new = sum(not known.is_saved(week) for week in changed)
    counts: FileCounts = {
        "read": len(weeks) + len(raw.headings_again),
        "new": new,
        "updated": len(changed) - new,
        "unchanged": len(accepted) - len(changed),
        "deleted": 0,
        "rejected": len(weeks) - len(accepted) + len(raw.headings_again),
        "issues": 0,
    }
    payable = sum((known.difference(week) for week in changed), NOTHING)
    return Judgement(raw, weeks, entries, counts, payable)


class KnownWeeks:
    """What is planned and saved of the weeks that a file names."""

    def __init__(self, session: Session, file: ActualsFile) -> None:
        self.session, self.file = session, file
        self.packages: dict[int, ActualPackage] = {}
        self.saved: dict[Key, StoredActual] = {}

    def asked_of(self, keys: Iterable[Key]) -> Mapping[Key, WeekAsked | Fault]:
        """What each of these weeks plans and holds, or what stands against all of it."""
        listed = list(keys)
        found = packages.find_packages(self.session, {cpli_id for cpli_id, _ in listed})
        self.packages = {
            i: one for i, one in found.items() if one.organisation_id == self.file.organisation_id
        }
        self.saved = store.find_actuals(self.session, listed)
        dated = extra_rules_store.rules_by_contract(self.session)
        today = london_day(self.file.uploaded_at)
        return {key: self._asked(key, today, dated) for key in listed}

    def _asked(
        self, key: Key, today: dt.date, dated: Mapping[str, Sequence[DatedExtraRules]]
    ) -> WeekAsked | Fault:
        package = self.packages.get(key[0])
        if package is None:
            return Fault(None, "CpliId", "not_yours", NOT_YOURS)
        stored = self.saved.get(key)
        refusal = refusal_of(package, key[1], stored, today)
        if refusal is not None:
            return Fault(None, "Week", refusal.code, refusal.message)
        return package.asked(key[1], stored, rules_on(dated.get(package.contract, ()), key[1]))

    def is_saved(self, week: JudgedWeek) -> bool:
        """Whether the week was submitted before."""
        stored = self.saved.get(_key_of(week))
        return stored is not None and stored.is_submitted

    def is_changed(self, week: JudgedWeek) -> bool:
        """Whether the file says something else of the week than what is saved."""
        return not self.is_saved(week) or self.saved[_key_of(week)].lines != week.lines

    def entry_of(self, week: JudgedWeek) -> Entry:
        """What is to be stored."""
        return Entry(*_key_of(week), self.file.organisation_id, week.lines)

    def difference(self, week: JudgedWeek) -> Decimal:
        """Pounds that the week would pay more."""
        package = self.packages[_key_of(week)[0]]
        before = self.saved[_key_of(week)].lines if self.is_saved(week) else ()
        return cost_of_lines(package, week.lines) - cost_of_lines(package, before)


def _key_of(week: JudgedWeek) -> Key:
    assert week.key is not None  # noqa: S101  an accepted week was read
    return week.key


def check_file(session: Session, message: Message) -> None:
    """``actuals_check_wanted``: judge the file, and keep what was found; nothing else changes."""
    file = session.get(ActualsFile, uuid.UUID(message.body["file_id"]), with_for_update=True)
    if file is None or not is_at_work(file, "checking"):
        return
    try:
        judgement = judge(session, file)
    except FileRefused as refusal:
        move(file, "refused")
        file.refusal_code, file.refusal = refusal.code, refusal.message
        return
    keep_judgement(session, file, judgement)
    move(file, "checked")
    if file.confirms_itself:
        apply_later(session, file, accepts_changes=True, who=file.uploaded_by)


def keep_judgement(session: Session, file: ActualsFile, judgement: Judgement) -> None:
    """Store a check: errors, counts, what it would pay, and the rejected rows to download."""
    errors = judgement.errors
    files_store.forget_judged(session, file.file_id)
    files_store.save_errors(session, file.file_id, [(True, error) for error in errors], {})
    file.counts, file.forecast_payable = judgement.counts, judgement.payable
    file.file_warnings = [one.to_document() for one in judgement.raw.warnings]
    file.check_version += 1
    if errors:
        whys = sorted([*errors, *together(judgement.weeks)], key=lambda why: why.row)
        write_rejected(rejected_key(file), HEADINGS, judgement.raw.rows, whys)


def confirm_file(
    session: Session, caller: Caller, *, file_id: uuid.UUID, check_version: int | None, accepts_changes: bool
) -> ActualsFileDocument:
    """Have a checked file applied. Confirming twice applies once.

    Raises Refused ``not_found``, ``wrong_state``, and ``check_again`` for another check than the one that was shown.
    """
    file = require_file(session, file_id, lock=True)
    if file.state in ("applying", "applied"):
        return file_document(file)
    if check_version not in (None, file.check_version) and not accepts_changes:
        sentence = "The file was checked again since: look at the new counts."
        raise Refused("check_again", sentence, {**file_document(file)})
    apply_later(session, file, accepts_changes=accepts_changes, who=caller["who"])
    return file_document(file)


def apply_later(session: Session, file: ActualsFile, *, accepts_changes: bool, who: str) -> None:
    """Note who confirmed a checked file and have it applied. Raises Refused ``wrong_state``."""
    move(file, "applying")
    file.accepts_changes, file.confirmed_by, file.confirmed_at = accepts_changes, who, func.now()
    wanted: FileWanted = {"file_id": str(file.file_id)}
    emit(session, "actuals_apply_wanted", wanted, cause_id=str(file.file_id), lane=lane_of(file.counts))
    session.flush()
    session.refresh(file)


def apply_file(session: Session, message: Message) -> None:
    """``actuals_apply_wanted``: save the accepted actuals, all at once, and say them.

    The file is judged again; a result that differs from what was shown goes back to be confirmed, unless the caller
    accepts it.
    """
    file = require_file(session, uuid.UUID(message.body["file_id"]), lock=True)
    if not is_at_work(file, "applying"):
        return
    lock_organisation(session, file.organisation_id)
    counts = file.counts
    judgement = judge(session, file)
    keep_judgement(session, file, judgement)
    if judgement.counts != counts and not file.accepts_changes:
        move(file, "checked")
        return
    saved = store.save_submitted(session, judgement.entries, str(file.confirmed_by), file.file_id)
    say_changed(session, saved, message.cause_id, lane=lane_of(counts))
    move(file, "applied")


def cancel_file(session: Session, *, file_id: uuid.UUID) -> ActualsFileDocument:
    """Drop a checked file; nothing of it was applied. Raises Refused ``not_found`` and ``wrong_state``."""
    file = require_file(session, file_id, lock=True)
    if file.state != "cancelled":
        move(file, "cancelled")
    return file_document(file)


def take_letter(session: Session, letter: DeadLetter) -> None:
    """A message of a file's job died: the job ends in a stated failure."""
    state = STATE_OF_JOB.get(letter.event)
    if state is None:
        return
    try:
        file = session.get(ActualsFile, uuid.UUID(letter.cause_id), with_for_update=True)
    except ValueError:
        return
    if file is not None and file.state == state:
        what = "checked" if state == "checking" else "brought into the system"
        file.state, file.refusal_code = "failed", f"{state}_failed"
        file.refusal = FAILED.format(what=what, id=file.file_id)


def is_at_work(file: ActualsFile, state: str) -> bool:
    """Whether a file waits in this state for its message; one that failed in it is taken up again."""
    if file.state == "failed" and file.refusal_code == f"{state}_failed":
        file.state, file.refusal_code, file.refusal = state, None, None
    return file.state == state


def move(file: ActualsFile, state: str) -> None:
    """Move a file to a state that its present one allows; raises Refused ``wrong_state`` otherwise."""
    if state not in MOVES.get(file.state, set()):
        raise Refused("wrong_state", f"This file is {file.state}; it can't become {state}.")
    file.state = state


def lane_of(counts: FileCounts | None) -> str:
    """A correction of a few weeks overtakes whole files, from its confirmation on."""
    changed = counts["new"] + counts["updated"] if counts else 0
    return "single" if changed <= SINGLE_LANE_WEEKS else "bulk"
