"""Actuals: weeks that providers enter, files of them, and what contracts ask of them (RULES 13)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from libs.common.seams.ingest.actuals import (
    ACTUALS_AT_ONCE,
    ActualDocument,
    ActualsFileDocument,
    ActualsWeek,
    ActualWithVersions,
    CalendarWeek,
    ExtraRulesDocument,
    GeneratedWeek,
    ListedActualsFile,
    MarkedWeek,
    UnconfirmedWeek,
)
from libs.common.seams.ingest.files import RowFinding
from services.portal.clients.payload_types import Day
from services.portal.clients.service_client import ServiceClient


class ActualsClient(ServiceClient):
    """A part of IngestClient."""

    def actuals_week(self, *, monday: Day, organisation: str | None) -> ActualsWeek:
        """A week of all CPLIs that are paid by actuals."""
        return self._ask("actuals_week", monday=monday, organisation=organisation)

    def actuals_part_by_part(
        self, *, monday: Day, organisation: str | None
    ) -> Iterator[list[ActualDocument]]:
        """The same actuals, however many: some hundreds at once."""
        cpli_ids = self._ask("actuals_cplis", monday=monday, organisation=organisation)
        for first in range(0, len(cpli_ids), ACTUALS_AT_ONCE):
            some = cpli_ids[first : first + ACTUALS_AT_ONCE]
            yield self._ask("actuals_of_cplis", monday=monday, cpli_ids=some)

    def actual(self, *, cpli_id: int, monday: Day) -> ActualWithVersions:
        """A CPLI's week with what it was before; its lines are what Undo goes back to."""
        return self._ask("actual", cpli_id=cpli_id, monday=monday)

    def actuals_calendar(
        self, *, organisation: str | None, first: Day, last: Day, marks: Sequence[MarkedWeek]
    ) -> list[CalendarWeek]:
        """The weeks between two Mondays in which anything is generated, saved or marked by what others know."""
        return self._ask("actuals_calendar", organisation=organisation, first=first, last=last, marks=marks)

    def unconfirmed_actuals(self, *, organisation: str | None, within_hours: int) -> list[UnconfirmedWeek]:
        """The weeks that their contracts want saved by now, or within some hours."""
        return self._ask("unconfirmed_actuals", organisation=organisation, within_hours=within_hours)

    def generate_actuals(self, *, monday: Day, organisation: str | None) -> GeneratedWeek:
        """Make a week's actuals as planned."""
        return self._ask("generate_actuals", monday=monday, organisation=organisation)

    def save_actual(
        self, *, cpli_id: int, monday: Day, version: int, lines: Sequence[Mapping[str, Any]]
    ) -> ActualWithVersions:
        """Submit what was delivered. ``version`` is the one that was seen, 0 for none."""
        return self._ask("save_actual", cpli_id=cpli_id, monday=monday, version=version, lines=lines)

    def delete_actual(self, *, cpli_id: int, monday: Day, version: int, reason: str) -> ActualWithVersions:
        """Submit that nothing was delivered."""
        return self._ask("delete_actual", cpli_id=cpli_id, monday=monday, version=version, reason=reason)

    def remove_actual_hours(
        self, *, cpli_id: int, monday: Day, version: int, first_on: Day | None, comment: str | None
    ) -> ActualWithVersions:
        """Submit that nothing was delivered in a line, or in all."""
        facts = {"version": version, "first_on": first_on, "comment": comment}
        return self._ask("remove_actual_hours", cpli_id=cpli_id, monday=monday, **facts)

    def mark_actual_frustrated(
        self, *, cpli_id: int, monday: Day, version: int, first_on: Day | None, comment: str | None
    ) -> ActualWithVersions:
        """Submit that the care of a line, or of all, could not be given."""
        facts = {"version": version, "first_on": first_on, "comment": comment}
        return self._ask("mark_actual_frustrated", cpli_id=cpli_id, monday=monday, **facts)

    def actual_rules(self) -> list[ExtraRulesDocument]:
        """What contracts ask beside the rules, all that was ever set."""
        return self._ask("actual_rules")

    def set_actual_rules(self, *, contract: str, **asked: Any) -> list[ExtraRulesDocument]:
        """Have a contract ask this from a day on; all that was set."""
        return self._ask("set_actual_rules", contract=contract, **asked)

    def send_actuals_file(
        self,
        *,
        file_id: str,
        organisation: str | None,
        file_name: str,
        object_key: str,
        confirms_itself: bool = False,
    ) -> ActualsFileDocument:
        """Have a file in the object store checked, and applied after that when it confirms itself."""
        facts = {"file_id": file_id, "file_name": file_name, "object_key": object_key}
        return self._ask(
            "send_actuals_file", organisation=organisation, confirms_itself=confirms_itself, **facts
        )

    def actuals_file(self, *, file_id: str) -> ActualsFileDocument:
        """A file: state, counts, forecast."""
        return self._ask("actuals_file", file_id=file_id)

    def actuals_files(
        self, *, organisation: str | None, before: tuple[str, str] | None = None, limit: int
    ) -> list[ListedActualsFile]:
        """The newest files before one, by (uploaded_at, id)."""
        return self._ask("actuals_files", organisation=organisation, before=before, limit=limit)

    def actuals_file_errors(self, *, file_id: str, after: int, limit: int) -> list[RowFinding]:
        """A page of a file's errors after a position; -1 is before the first."""
        return self._ask("actuals_file_errors", file_id=file_id, after=after, limit=limit)

    def confirm_actuals_file(
        self, *, file_id: str, check_version: int | None, accepts_changes: bool
    ) -> ActualsFileDocument:
        """Have a checked file applied. ``check_again``, with the file, when the check that was seen was another."""
        facts = {"check_version": check_version, "accepts_changes": accepts_changes}
        return self._ask("confirm_actuals_file", file_id=file_id, **facts)

    def cancel_actuals_file(self, *, file_id: str) -> ActualsFileDocument:
        """Drop a checked file."""
        return self._ask("cancel_actuals_file", file_id=file_id)
