"""Visits as the faces show them: what was written, their match, and what they pay (RULES 5, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from libs.common.care.weeks import monday_of
from libs.common.rpc import Caller
from libs.common.seams.ingest.visits import Visit, VisitVersion, VisitWithVersions
from libs.common.seams.matching.matches import VisitMatch
from libs.common.seams.payments.prices import Payment
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient

NIL = "00000000-0000-0000-0000-000000000000"
# New visits are few and short-lived: so many pages are looked through at once.
PAGES_LOOKED_THROUGH = 10

Place = Sequence[str]
"""(organisation id, VisitRef) after which a page begins."""


class MatchedVisit(Visit):
    """A visit with its client, its week, and its status: the CPLI, or the reason why it has none (RULES 5)."""

    client: str
    week: str
    cpli_id: int | None
    reason: str | None
    status: str


class ShownVisit(MatchedVisit):
    """A visit with what it pays and why; None while it has no match or its week is not priced yet."""

    pays: Payment | None


class ShownVisitWithVersions(ShownVisit):
    """A visit with what came before it."""

    reason_of_deletion: str | None
    versions: list[VisitVersion]


@dataclass(frozen=True)
class Wanted:
    """What a page of visits is limited to; None is no limit. `week` is a Monday."""

    organisation: str | None
    week: str | None
    clients: list[str] | None
    service_name: str | None
    service_level: str | None
    visit_type: str | None
    limit: int


@dataclass(frozen=True)
class Visits:
    """Visits as one caller may see them."""

    gateway: Gateway
    caller: Caller

    @property
    def ingest(self) -> IngestClient:
        return IngestClient(self.gateway, self.caller)

    @property
    def matching(self) -> MatchingClient:
        return MatchingClient(self.gateway, self.caller)

    def list_page(
        self,
        *,
        organisation: str | None,
        week: dt.date | None,
        client: str | None,
        status: str | None,
        place: Place | None,
        limit: int,
        service: str | None = None,
        service_level: str | None = None,
        visit_type: str | None = None,
    ) -> tuple[list[ShownVisit], Place | None]:
        """Visits with their matches and money, and the place after them; None at the end.

        `week` is any day of it, `client` any identifier, `service` one of a week of an organisation. A page of a
        status may hold fewer than asked for, and go on. Raises Refused ``not_found`` and ServiceUnavailable.
        """
        if status == "Missing Data":  # a visit that lacks what pricing needs is refused by every way in
            return [], None
        wanted = Wanted(
            organisation=organisation,
            week=monday_of(week).isoformat() if week else None,
            clients=None if client is None else self._list_identifiers(client),
            service_name=service,
            service_level=service_level,
            visit_type=visit_type,
            limit=limit,
        )
        begin = place or (NIL, "")
        if status == "Unmatched":
            rows, after = self._list_unmatched(wanted, begin)
        elif status in ("Matched", "New"):
            rows, after = self._look_for(wanted, begin, status)
        else:
            rows, after = self._list_every(wanted, begin)
        return self._with_money(rows), after

    def list_newest_unmatched(
        self, *, organisation: str | None, reason: str | None, place: Place | None, limit: int
    ) -> tuple[list[MatchedVisit], Place | None]:
        """Visits without a match, the latest planned first, and the place after them; None at the end."""
        before = (place[0], place[1], place[2]) if place else None
        found = self.matching.newest_unmatched(
            organisation=organisation, reason=reason, before=before, limit=limit
        )
        last = found[-1] if len(found) == limit else None
        rows = self._in_order([VisitMatch(*one[:5]) for one in found], "Unmatched")
        return rows, [last.planned_on, last.organisation_id, last.visit_ref] if last else None

    def list_of_refs(self, refs: Sequence[tuple[str, str]]) -> list[ShownVisit]:
        """These (organisation id, VisitRef), a thousand at most, as far as they are there; deleted ones too."""
        return self._with_money(self._with_matches(self.ingest.visits_of_refs(refs=refs)) if refs else [])

    def show(self, found: VisitWithVersions) -> ShownVisitWithVersions:
        """A visit that ingest gave, with its match and its money."""
        (row,) = self._with_money(self._with_matches([found]))
        return {
            **row,
            "reason_of_deletion": found["reason_of_deletion"],
            "versions": found["versions"],
        }

    def _list_identifiers(self, client: str) -> list[str]:
        """All identifiers of a client: a visit may name it by any of them."""
        known = self.matching.client_identifiers(identifier=client)
        return sorted({client, *known})

    def _list_every(self, wanted: Wanted, place: Place) -> tuple[list[MatchedVisit], Place | None]:
        """A page of all visits, with their matches, and the place after it."""
        rows = self.ingest.visits(**asdict(wanted), after_organisation=place[0], after_ref=place[1])
        is_full = len(rows) == wanted.limit
        return self._with_matches(rows), (rows[-1]["organisation_id"], rows[-1]["ref"]) if is_full else None

    def _look_for(self, wanted: Wanted, place: Place, status: str) -> tuple[list[MatchedVisit], Place | None]:
        """A page of visits of a status that nearly all have, or nearly none: known only by looking at each."""
        found: list[MatchedVisit] = []
        after: Place | None = place
        for _ in range(PAGES_LOOKED_THROUGH):
            rows, after = self._list_every(wanted, after or place)
            found += [row for row in rows if row["status"] == status]
            if after is None or found:
                break
        return found, after

    def _list_unmatched(self, wanted: Wanted, place: Place) -> tuple[list[MatchedVisit], Place | None]:
        """A page of visits that have no match, and the place after it."""
        found = self.matching.unmatched_visits(**asdict(wanted), after=(place[0], place[1]))
        after = found[-1][:2] if len(found) == wanted.limit else None
        return self._in_order(found, "Unmatched"), after

    def _in_order(self, matches: Sequence[VisitMatch], status: str) -> list[MatchedVisit]:
        """The visits of these matches, in their order, as far as they still have the status."""
        refs = [one[:2] for one in matches]
        found = self.ingest.visits_of_refs(refs=refs) if refs else []
        rows = {(row["organisation_id"], row["ref"]): row for row in found}
        in_order = [rows[ref] for ref in refs if ref in rows]
        return [row for row in self._with_matches(in_order, matches) if row["status"] == status]

    def _with_matches(
        self, rows: Sequence[Visit], matches: Sequence[VisitMatch] | None = None
    ) -> list[MatchedVisit]:
        """Each visit with its week, status, CPLI and reason (RULES 5)."""
        if matches is None:
            refs = [(row["organisation_id"], row["ref"]) for row in rows]
            matches = self.matching.visit_matches(refs=refs) if refs else []
        known = {one[:2]: one[2:] for one in matches}
        return [
            match_visit(row, *known.get((row["organisation_id"], row["ref"]), (0, None, None)))
            for row in rows
        ]

    def _with_money(self, rows: Iterable[MatchedVisit]) -> list[ShownVisit]:
        """Each visit with what it pays and why."""
        rows = list(rows)
        asked = [
            (row["organisation_id"], row["ref"], row["cpli_id"], row["week"])
            for row in rows
            if row["cpli_id"] is not None
        ]
        paid = PaymentsClient(self.gateway, self.caller).visit_payments(visits=asked) if asked else []
        known = {(one.organisation_id, one.visit_ref): one.payment for one in paid}
        return [{**row, "pays": known.get((row["organisation_id"], row["ref"]))} for row in rows]


def match_visit(row: Visit, tried_version: int, cpli_id: int | None, reason: str | None) -> MatchedVisit:
    """A visit with what its newest tried version was matched to; 0 for one that was never tried."""
    # one of which neither is known was not heard of yet: neither matched nor known to be unmatched
    is_apart = cpli_id is None and reason is None
    is_tried = tried_version >= row["version"] and not row["deleted"] and not is_apart
    matched = cpli_id if is_tried else None
    return {
        **row,
        "client": client_of(row),
        "week": monday_of(dt.date.fromisoformat(row["planned_on"])).isoformat(),
        "cpli_id": matched,
        "reason": reason if is_tried else None,
        "status": status_of(row, matched, is_tried=is_tried),
    }


def client_of(row: Visit) -> str:
    """The identifier by which a visit names its client (RULES 5)."""
    cells = row["values"]
    return cells["SSRef"] or cells["ClientRef"] or cells["NHSNumber"]


def status_of(row: Visit, cpli_id: int | None, *, is_tried: bool) -> str:
    """RULES 5: New until it was tried, then Matched or Unmatched."""
    if row["deleted"]:
        return "Deleted"
    if not is_tried:
        return "New"
    return "Unmatched" if cpli_id is None else "Matched"
