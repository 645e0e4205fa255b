"""Visits one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from libs.common.seams.ingest.visits import DeletedVisits, SavedVisit, Visit, VisitWithVersions
from services.portal.clients.service_client import ServiceClient


class VisitsClient(ServiceClient):
    """A part of IngestClient. organisation: the council says whose a visit is, where several have one of that ref."""

    def visits_of_refs(self, *, refs: Sequence[Sequence[str]]) -> list[Visit]:
        """The visits of these (organisation id, VisitRef), as far as the caller may see them; a thousand at most."""
        return self._ask("visits_of_refs", refs=refs)

    def visit(self, *, visit_ref: str, organisation: str | None = None) -> VisitWithVersions:
        """One visit with its versions."""
        return self._ask("visit", visit_ref=visit_ref, organisation=organisation)

    def put_visit(
        self,
        *,
        visit_ref: str,
        values: Mapping[str, str],
        version: int | None,
        any_version: bool = False,
        organisation: str | None = None,
    ) -> SavedVisit:
        """Enter a visit, or replace the version that was seen; 0 for one that must be new.

        ``rejected`` has every reason in its details; ``version_wanted`` and ``version_differs`` say what was not seen.
        """
        facts = {"visit_ref": visit_ref, "organisation": organisation, "values": values}
        return self._ask("put_visit", version=version, any_version=any_version, **facts)

    def delete_visit(
        self,
        *,
        visit_ref: str,
        version: int | None,
        reason: str | None = None,
        organisation: str | None = None,
    ) -> VisitWithVersions:
        """Delete a visit in the version that was seen, with a reason."""
        facts = {"visit_ref": visit_ref, "organisation": organisation}
        return self._ask("delete_visit", version=version, reason=reason, **facts)

    def delete_visits(
        self, *, visits: Sequence[tuple[str, str, int]], reason: str | None = None
    ) -> DeletedVisits:
        """Delete these (organisation id, VisitRef, version that was seen) with one reason, as far as they can be."""
        return self._ask("delete_visits", visits=visits, reason=reason)
