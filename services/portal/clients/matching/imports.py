"""Care files. Council only."""

from __future__ import annotations

from libs.common.seams.matching.imports import CareCheck, CareFault, CareFile, CareImport
from services.portal.clients.service_client import ServiceClient


class ImportsClient(ServiceClient):
    """A part of MatchingClient."""

    def check_care(self, *, import_id: str, object_key: str, file_name: str) -> CareCheck:
        """Have an uploaded care file checked. Sending the same id again changes nothing."""
        return self._ask("check_care", import_id=import_id, object_key=object_key, file_name=file_name)

    def import_care(self, *, import_id: str, object_key: str, file_name: str) -> CareImport:
        """Have an uploaded care file imported unseen. Sending the same id again changes nothing."""
        return self._ask("import_care", import_id=import_id, object_key=object_key, file_name=file_name)

    def care_check(self, *, import_id: str) -> CareCheck:
        """What a care file would change, or has changed. Raises Refused ``not_found``."""
        return self._ask("care_check", import_id=import_id)

    def care_errors(self, *, import_id: str, after: int, limit: int) -> list[CareFault]:
        """A page of a care file's errors, after a position. Raises Refused ``not_found``."""
        return self._ask("care_errors", import_id=import_id, after=after, limit=limit)

    def care_imports(self, *, before: tuple[str, str] | None = None, limit: int) -> list[CareFile]:
        """The newest care files before one, by (imported_at, id)."""
        return self._ask("care_imports", before=before, limit=limit)

    def confirm_care(self, *, import_id: str, check_version: int) -> CareCheck:
        """Have a checked care file imported. Raises Refused ``not_found``, ``wrong_state`` and ``check_again``."""
        return self._ask("confirm_care", import_id=import_id, check_version=check_version)

    def cancel_care(self, *, import_id: str) -> CareCheck:
        """Drop a checked care file. Raises Refused ``not_found`` and ``wrong_state``."""
        return self._ask("cancel_care", import_id=import_id)
