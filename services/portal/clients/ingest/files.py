"""Visits files."""

from __future__ import annotations

from libs.common.seams.ingest.files import (
    FileChange,
    FileSummary,
    ListedFile,
    RejectedRows,
    RowFinding,
    RowToCorrect,
    RowWhy,
    StagedRef,
    VisitsFile,
)
from libs.common.seams.ingest.forecasts import DuplicateRow, UnmatchedRow
from libs.common.seams.ingest.mending import RowsOfKind, RowsToMend
from services.portal.clients.service_client import ServiceClient


class FilesClient(ServiceClient):
    """A part of IngestClient."""

    def send_visits_file(
        self,
        *,
        file_id: str,
        organisation: str | None,
        file_name: str,
        object_key: str,
        confirms_itself: bool = False,
    ) -> VisitsFile:
        """Have a file in the object store checked, and applied after that when it confirms itself.

        organisation: the council says whose it is. The same ``file_id`` again changes nothing.
        """
        facts = {"file_id": file_id, "file_name": file_name, "object_key": object_key}
        return self._ask(
            "send_visits_file", organisation=organisation, confirms_itself=confirms_itself, **facts
        )

    def visits_file(self, *, file_id: str) -> VisitsFile:
        """A file: state, counts, forecast."""
        return self._ask("visits_file", file_id=file_id)

    def visits_files(
        self, *, organisation: str | None, before: tuple[str, str] | None = None, limit: int
    ) -> list[ListedFile]:
        """The newest files before one, by (uploaded_at, id)."""
        return self._ask("visits_files", organisation=organisation, before=before, limit=limit)

    def rejected_rows(self, *, first: str, last: str) -> RejectedRows:
        """The files with rejected rows of visits planned between two days that were not sent again."""
        return self._ask("rejected_rows", first=first, last=last)

    def visits_file_summary(self, *, file_id: str) -> FileSummary:
        """A file's findings, counted, and its weeks."""
        return self._ask("visits_file_summary", file_id=file_id)

    def visits_file_errors(
        self, *, file_id: str, is_rejection: bool, after: int, limit: int
    ) -> list[RowFinding]:
        """A page of a file's errors, or warnings, after a position; -1 is before the first."""
        facts = {"is_rejection": is_rejection, "after": after, "limit": limit}
        return self._ask("visits_file_errors", file_id=file_id, **facts)

    def rows_to_correct(self, *, file_id: str, after: int, limit: int) -> list[RowToCorrect]:
        """A page of a file's rejected rows with their reasons, from the row after ``after``; a hundred at most."""
        found: list[RowToCorrect] = self._ask("rows_to_correct", file_id=file_id, after=after, limit=limit)
        return [{**one, "whys": [RowWhy(*why) for why in one["whys"]]} for one in found]

    def visits_file_changes(self, *, file_id: str, after: int, limit: int) -> list[FileChange]:
        """A page of what a file changes, before and after, from the row after ``after``."""
        return self._ask("visits_file_changes", file_id=file_id, after=after, limit=limit)

    def visits_file_refs(self, *, file_id: str, after: int, limit: int) -> list[StagedRef]:
        """A page of the visits that a file stores or deletes, from the row after ``after``; ten thousand at most."""
        rows = self._ask("visits_file_refs", file_id=file_id, after=after, limit=limit)
        return [StagedRef(*row) for row in rows]

    def visits_file_unmatched(
        self, *, file_id: str, reason: str | None, after: int, limit: int
    ) -> list[UnmatchedRow]:
        """A page of the rows that will have no match, for a reason or for any, from the row after ``after``."""
        facts = {"reason": reason, "after": after, "limit": limit}
        return self._ask("visits_file_unmatched", file_id=file_id, **facts)

    def visits_file_duplicates(self, *, file_id: str, after: int, limit: int) -> list[DuplicateRow]:
        """A page of the rows that may be duplicates, from the row after ``after``."""
        return self._ask("visits_file_duplicates", file_id=file_id, after=after, limit=limit)

    def kinds_of_rows(self, *, file_id: str) -> list[RowsOfKind]:
        """The kinds of rows of a checked file that one other value may mend, most rows first."""
        return self._ask("kinds_of_rows", file_id=file_id)

    def rows_of_kind(self, *, file_id: str, fault: str, value: str) -> RowsToMend:
        """The rows of one kind, and where their file lies."""
        return self._ask("rows_of_kind", file_id=file_id, fault=fault, value=value)

    def confirm_visits_file(
        self, *, file_id: str, check_version: int | None, accepts_changes: bool
    ) -> VisitsFile:
        """Have a checked file applied. ``check_again``, with the file, when the check that was seen was another."""
        facts = {"check_version": check_version, "accepts_changes": accepts_changes}
        return self._ask("confirm_visits_file", file_id=file_id, **facts)

    def cancel_visits_file(self, *, file_id: str) -> VisitsFile:
        """Drop a checked file."""
        return self._ask("cancel_visits_file", file_id=file_id)

    def reference_version(self) -> int:
        """The newest version of the council's lists that has arrived: files are judged by them."""
        return self._ask("reference_version")
