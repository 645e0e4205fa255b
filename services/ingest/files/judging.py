"""Judging a visits file against what is known now, and keeping what was found (RULES 3, 4). Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.files.objects import read_object, write_object
from libs.common.files.rejected_rows import rejected_csv
from libs.common.files.values import cleaned
from libs.common.files.warnings import FileWarning
from libs.common.seams.ingest.files import FileCounts
from services.ingest.files import same_file, store, store_views
from services.ingest.files.same_file import ImportedBefore
from services.ingest.files.unstorable import Find, Reasons, check_the_others, find_none, note_rows
from services.ingest.files.views import rejected_key
from services.ingest.reference import store as reference_store
from services.ingest.rows.facts import Checked, Visit
from services.ingest.rows.headings import HEADINGS
from services.ingest.rows.reading import RawFile, RawRow, headings_again, read_visits_csv
from services.ingest.rows.rules import check_rows
from services.ingest.rows.warnings import warning
from services.ingest.rows.written import own_cells
from services.ingest.schema.tables import VisitsFile
from services.ingest.visits import store as visits_store

Staged = list[tuple[int, str, Visit, bytes]]
"""Row number, ``new`` or ``updated``, the visit and its digest."""

Deletions = list[tuple[int, str]]
"""Row number and VisitRef."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a check found: the rows by what becomes of them, counted."""

    raw: RawFile
    checked: Checked
    staged: Staged
    deletions: Deletions
    counts: FileCounts
    warnings: list[FileWarning]
    imported_before: ImportedBefore | None
    unstorable: Reasons

    @property
    def changes_nothing(self) -> bool:
        """Whether no row would change a visit."""
        return not self.staged and not self.deletions


def judge(session: Session, file: VisitsFile, find: Find = find_none) -> Judgement:
    """Read and judge a file against what is known now (RULES 3). Raises FileRefused.

    The rows that ``find`` names are rejected because they can't be stored.
    """
    raw = read_visits_csv(read_object(file.object_key))
    known = visits_store.find_digests(
        session, file.organisation_id, {cleaned(values[0]) for _, values in raw.rows}
    )
    reference = reference_store.reference_for(session, file.organisation_id, known)
    uploaded_on = london_day(file.uploaded_at)

    def check(rows: Sequence[RawRow]) -> Checked:
        return check_rows(rows, reference, uploaded_on)

    unstorable = find(session, file, raw.rows, check)
    checked = check_the_others(raw.rows, check, unstorable)
    checked.errors += headings_again(raw)
    staged = []
    for row, visit in checked.accepted:
        digest = visit.digest()
        before = known.get(visit.visit_ref)
        if before != (digest, False):
            staged.append((row, "updated" if before else "new", visit, digest))
    deletions = [(row, ref) for row, ref in checked.deletions if not known[ref][1]]
    warnings = [*raw.warnings, *checked.file_warnings]
    imported_before = same_file.find_imported_before(session, file)
    if imported_before is not None:
        deleted_now = {ref for ref, (_, is_deleted) in known.items() if is_deleted}
        may_change = imported_before.rejected
        staged = [one for one in staged if one[0] in may_change or one[2].visit_ref in deleted_now]
        deletions = [one for one in deletions if one[0] in may_change]
        warnings = [*same_file.warnings_of(imported_before, (*staged, *deletions)), *warnings]
    counts = counts_of(raw, checked, staged, deletions)
    return Judgement(raw, checked, staged, deletions, counts, warnings, imported_before, unstorable)


def counts_of(raw: RawFile, checked: Checked, staged: Staged, deletions: Deletions) -> FileCounts:
    """What [003] shows of a file, and two numbers that it leaves out."""
    return {
        "read": raw.count,
        "new": sum(action == "new" for _, action, _, _ in staged),
        "updated": sum(action == "updated" for _, action, _, _ in staged),
        "unchanged": len(checked.accepted) - len(staged) + len(checked.deletions) - len(deletions),
        "deleted": len(deletions),
        "rejected": len({error.row for error in checked.errors}),
        "issues": sum(bool(visit.issues) for _, visit in checked.accepted),
    }


def keep_judgement(session: Session, file: VisitsFile, judgement: Judgement) -> None:
    """Store a check: staged rows, errors, counts, the rejected rows to download, and what it was judged by."""
    store.stage(session, file.file_id, judgement.staged, judgement.deletions)
    findings = [(True, error) for error in judgement.checked.errors]
    findings += [(False, warning) for warning in judgement.checked.warnings]
    findings.sort(key=lambda finding: finding[1].row)
    store.save_errors(session, file.file_id, findings, own_cells(judgement.raw.rows, findings))
    file.counts = judgement.counts
    warnings = [*judgement.warnings, *_moved(session, file, judgement)]
    file.file_warnings = [one.to_document() for one in warnings]
    file.judged_by = store.find_judged_by(session, file.organisation_id)
    file.check_version += 1
    note_rows(session, file, judgement.raw.rows, judgement.unstorable)
    if judgement.counts["rejected"]:
        rejected = rejected_csv(HEADINGS, judgement.raw.rows, judgement.checked.errors)
        write_object(rejected_key(file), rejected.encode())


def _moved(session: Session, file: VisitsFile, judgement: Judgement) -> list[FileWarning]:
    """RULES 3: updates that move a visit to another week or client. Their money comes with the forecast."""
    if not judgement.counts["updated"]:
        return []
    rows = store_views.list_moved_rows(session, file.file_id)
    return [warning("moved", rows)] if rows else []
