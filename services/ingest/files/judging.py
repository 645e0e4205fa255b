"""Judging a visits file against what is known now, and keeping what was found (RULES 3, 4). Never commits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.files.objects import opened_object, write_object
from libs.common.files.rejected_rows import RejectedRows
from libs.common.files.spooled import portions_of
from libs.common.files.values import cleaned
from libs.common.files.warnings import FileWarning
from libs.common.seams.ingest.files import FileCounts
from services.ingest.files import same_file, store, store_views
from services.ingest.files.same_file import ImportedBefore
from services.ingest.files.unstorable import Find, Reasons, find_none, note_rows, others_of, unstorable_errors
from services.ingest.files.views import rejected_key
from services.ingest.reference import store as reference_store
from services.ingest.rows.facts import Checked, Visit
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.reading import RawFile, RawRow, headings_again, read_visits_csv
from services.ingest.rows.rules import FileCheck, check_rows
from services.ingest.rows.warnings import Tally, warning
from services.ingest.rows.written import own_cells
from services.ingest.schema.tables import VisitsFile
from services.ingest.visits import store as visits_store

FINDINGS_KEPT = 100_000
"""Of a file: the errors of one that is wrong all over would take twenty times its own size."""
MORE_FINDINGS = "The first {kept:,} errors and warnings of this file are listed. The rejected rows to download have all their reasons."

Staged = list[tuple[int, str, Visit, bytes]]
"""Row number, ``new`` or ``updated``, the visit and its digest."""

Deletions = list[tuple[int, str]]
"""Row number and VisitRef."""


@dataclass(slots=True)
class Judgement:
    """What a check found, counted: its rows are staged and their findings kept, portion by portion."""

    raw: RawFile
    counts: FileCounts
    imported_before: ImportedBefore | None
    unstorable: Reasons
    rejected: RejectedRows
    warnings: list[FileWarning] = field(default_factory=list)
    changes: Tally = field(default_factory=Tally)
    findings: int = 0

    @property
    def changes_nothing(self) -> bool:
        """Whether no row would change a visit."""
        return not self.changes.rows


def judge(session: Session, file: VisitsFile, find: Find = find_none) -> Judgement:
    """Read and judge a file against what is known now (RULES 3), and stage what it would change. Raises FileRefused.

    A large file is judged in portions (decision 41). The rows that ``find`` names are rejected because they can't be
    stored.
    """
    with opened_object(file.object_key) as content:
        raw = read_visits_csv(content)
    known: dict[str, tuple[bytes, bool]] = {}
    reference = reference_store.reference_for(session, file.organisation_id, known)
    uploaded_on = london_day(file.uploaded_at)

    def know(rows: Iterable[RawRow]) -> None:
        refs = {cleaned(values[0]) for _, values in rows}
        known.clear()
        known.update(visits_store.find_digests(session, file.organisation_id, refs))

    def check(rows: Sequence[RawRow]) -> Checked:
        know(rows)
        return check_rows(rows, reference, uploaded_on)

    unstorable = find(session, file, raw.rows, check)
    storable_rows = partial(others_of, raw.rows, unstorable)
    file_check = FileCheck(storable_rows, reference, uploaded_on)
    judgement = Judgement(
        raw,
        NO_COUNTS | {"read": raw.count},
        same_file.find_imported_before(session, file),
        unstorable,
        RejectedRows(HEADINGS),
    )
    store.forget_judged(session, file.file_id)
    again = headings_again(raw)
    for rows in portions_of(raw.rows):
        know(rows)
        checked = file_check.run(others_of(rows, unstorable))
        checked.errors += unstorable_errors(rows, unstorable)
        last = rows[-1][0]
        checked.errors += [error for error in again if error.row < last]
        again = [error for error in again if error.row > last]
        _keep_portion(session, file, judgement, rows, checked, known)
    _keep_portion(session, file, judgement, (), Checked(errors=again), known)
    judgement.warnings = [*raw.warnings, *file_check.file_warnings()]
    if judgement.findings > FINDINGS_KEPT:
        sentence = MORE_FINDINGS.format(kept=FINDINGS_KEPT)
        judgement.warnings.append(FileWarning("more_findings", None, None, sentence))
    before = judgement.imported_before
    if before is not None:
        changes = judgement.changes
        judgement.warnings = [
            *same_file.warnings_of(before, changes.rows, changes.first),
            *judgement.warnings,
        ]
    return judgement


NO_COUNTS: FileCounts = {
    "read": 0,
    "new": 0,
    "updated": 0,
    "unchanged": 0,
    "deleted": 0,
    "rejected": 0,
    "issues": 0,
}


def _keep_portion(
    session: Session,
    file: VisitsFile,
    judgement: Judgement,
    rows: Sequence[RawRow],
    checked: Checked,
    known: Mapping[str, tuple[bytes, bool]],
) -> None:
    """Stage what a portion would change, and keep what was found in it."""
    staged, deletions = _changes_of(checked, known, judgement.imported_before)
    store.stage(session, file.file_id, staged, deletions)
    findings = [(True, error) for error in checked.errors]
    findings += [(False, warning) for warning in checked.warnings]
    findings.sort(key=lambda finding: finding[1].row)
    listed = findings[: max(FINDINGS_KEPT - judgement.findings, 0)]
    own = own_cells(rows, listed)
    store.save_errors(session, file.file_id, listed, own, after=judgement.findings)
    judgement.findings += len(findings)
    judgement.rejected.add(rows, (error for is_rejection, error in findings if is_rejection))
    _count(judgement.counts, checked, staged, deletions)
    for row in sorted([*(one[0] for one in staged), *(row for row, _ in deletions)]):
        judgement.changes.add(row)


def _changes_of(
    checked: Checked, known: Mapping[str, tuple[bytes, bool]], imported_before: ImportedBefore | None
) -> tuple[Staged, Deletions]:
    """What accepted rows would change in what is known of their visits."""
    staged = []
    for row, visit in checked.accepted:
        digest = visit.digest()
        before = known.get(visit.visit_ref)
        if before != (digest, False):
            staged.append((row, "updated" if before else "new", visit, digest))
    deletions = [(row, ref) for row, ref in checked.deletions if not known[ref][1]]
    if imported_before is not None:
        may_change = imported_before.rejected
        deleted_now = {ref for ref, (_, is_deleted) in known.items() if is_deleted}
        staged = [one for one in staged if one[0] in may_change or one[2].visit_ref in deleted_now]
        deletions = [one for one in deletions if one[0] in may_change]
    return staged, deletions


def _count(counts: FileCounts, checked: Checked, staged: Staged, deletions: Deletions) -> None:
    """Add a portion to what [003] shows of a file, and to two numbers that it leaves out."""
    new = sum(action == "new" for _, action, _, _ in staged)
    counts["new"] += new
    counts["updated"] += len(staged) - new
    counts["unchanged"] += len(checked.accepted) - len(staged) + len(checked.deletions) - len(deletions)
    counts["deleted"] += len(deletions)
    counts["rejected"] += len({error.row for error in checked.errors})
    counts["issues"] += sum(bool(visit.issues) for _, visit in checked.accepted)


def keep_judgement(session: Session, file: VisitsFile, judgement: Judgement) -> None:
    """Store what a check found of the file as a whole: counts, the rejected rows to download, what it was judged by."""
    file.counts = judgement.counts
    warnings = [*judgement.warnings, *_moved(session, file, judgement)]
    file.file_warnings = [one.to_document() for one in warnings]
    file.judged_by = store.find_judged_by(session, file.organisation_id)
    file.check_version += 1
    note_rows(session, file, judgement.raw.rows, judgement.unstorable)
    if judgement.counts["rejected"]:
        write_object(rejected_key(file), judgement.rejected.content())


def _moved(session: Session, file: VisitsFile, judgement: Judgement) -> list[FileWarning]:
    """RULES 3: updates that move a visit to another week or client. Their money comes with the forecast."""
    if not judgement.counts["updated"]:
        return []
    rows = store_views.list_moved_rows(session, file.file_id)
    return [warning("moved", rows)] if rows else []
