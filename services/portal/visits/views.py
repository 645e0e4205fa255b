"""Visits as the faces show them: what was written, their match, and what they pay (RULES 5, 6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from libs.common.care.weeks import monday_of
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway

NIL = "00000000-0000-0000-0000-000000000000"
# New visits are few and short-lived: so many pages are looked through at once.
PAGES_LOOKED_THROUGH = 10

Row = dict[str, Any]
Place = Sequence[str]
"""(organisation id, VisitRef) after which a page begins."""


@dataclass(frozen=True)
class Visits:
    """Visits as one caller may see them."""

    gateway: Gateway
    caller: Caller

    def page(
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
    ) -> tuple[list[Row], Place | None]:
        """Visits with their matches and money, and the place after them; None at the end.

        `week` is any day of it, `client` any identifier, `service` one of a week of an organisation. A page of a
        status may hold fewer than asked for, and go on. Raises Refused ``not_found`` and ServiceUnavailable.
        """
        if status == "Missing Data":  # a visit that lacks what pricing needs is refused by every way in
            return [], None
        facts = {
            "organisation": organisation,
            "week": monday_of(week).isoformat() if week else None,
            "clients": None if client is None else self._identifiers(client),
            "service_name": service,
            "service_level": service_level,
            "visit_type": visit_type,
            "limit": limit,
        }
        find = {"Matched": self._looked_for, "New": self._looked_for, "Unmatched": self._unmatched}
        rows, place = find.get(status or "", self._every)(facts, place or (NIL, ""), status)
        return self._with_money(rows), place

    def newest_unmatched(
        self, *, organisation: str | None, reason: str | None, place: Place | None, limit: int
    ) -> tuple[list[Row], Place | None]:
        """Visits without a match, the latest planned first, and the place after them; None at the end."""
        keys = self._ask(
            "matching",
            "newest_unmatched",
            organisation=organisation,
            reason=reason,
            before=place,
            limit=limit,
        )
        last = keys[-1] if len(keys) == limit else None
        rows = self._in_order([key[:5] for key in keys], "Unmatched")
        return rows, last and [last[5], last[0], last[1]]

    def shown(self, found: Row) -> Row:
        """A visit that ingest gave, with its match and its money."""
        (row,) = self._with_money(self._with_matches([found]))
        return row

    def _identifiers(self, client: str) -> list[str]:
        """All identifiers of a client: a visit may name it by any of them."""
        known = self._ask("matching", "client_identifiers", identifier=client)
        return sorted({client, *known})

    def _every(self, facts: Row, place: Place, status: str | None) -> tuple[list[Row], Place | None]:
        """A page of all visits, with their matches, and the place after it."""
        rows = self._ask("ingest", "visits", **facts, after_organisation=place[0], after_ref=place[1])
        is_full = len(rows) == facts["limit"]
        return self._with_matches(rows), (rows[-1]["organisation_id"], rows[-1]["ref"]) if is_full else None

    def _looked_for(self, facts: Row, place: Place, status: str | None) -> tuple[list[Row], Place | None]:
        """A page of visits of a status that nearly all have, or nearly none: known only by looking at each."""
        found: list[Row] = []
        after: Place | None = place
        for _ in range(PAGES_LOOKED_THROUGH):
            rows, after = self._every(facts, after or place, None)
            found += [row for row in rows if row["status"] == status]
            if after is None or found:
                break
        return found, after

    def _unmatched(self, facts: Row, place: Place, status: str | None) -> tuple[list[Row], Place | None]:
        """A page of visits that have no match, and the place after it."""
        keys = self._ask(
            "matching", "unmatched_visits", **facts, after_organisation=place[0], after_ref=place[1]
        )
        after = keys[-1][:2] if len(keys) == facts["limit"] else None
        return self._in_order(keys, "Unmatched"), after

    def _in_order(self, keys: list[list[Any]], status: str) -> list[Row]:
        """The visits of these matches, in their order, as far as they still have the status."""
        rows = {(row["organisation_id"], row["ref"]): row for row in self._refs([key[:2] for key in keys])}
        in_order = [rows[key[0], key[1]] for key in keys if (key[0], key[1]) in rows]
        return [row for row in self._with_matches(in_order, keys) if row["status"] == status]

    def _refs(self, refs: list[list[str]]) -> list[Row]:
        found: list[Row] = self._ask("ingest", "visits_of_refs", refs=refs) if refs else []
        return found

    def _with_matches(self, rows: list[Row], matches: Any = None) -> list[Row]:
        """Each visit with its week, status, CPLI and reason (RULES 5)."""
        refs = [[row["organisation_id"], row["ref"]] for row in rows]
        if matches is None and refs:
            matches = self._ask("matching", "visit_matches", refs=refs)
        known = {(organisation_id, ref): rest for organisation_id, ref, *rest in matches or ()}
        for row in rows:
            version, cpli_id, reason = known.get((row["organisation_id"], row["ref"]), (0, None, None))
            is_apart = (
                cpli_id is None and reason is None
            )  # or not heard of: neither matched nor known to be unmatched
            is_tried = version >= row["version"] and not row["deleted"] and not is_apart
            row["week"] = monday_of(dt.date.fromisoformat(row["planned_on"])).isoformat()
            row["cpli_id"], row["reason"] = (cpli_id, reason) if is_tried else (None, None)
            row["status"] = status_of(row, is_tried=is_tried)
        return rows

    def _with_money(self, rows: list[Row]) -> list[Row]:
        """Each visit with what it pays and why; None while it has no match or its week is not priced yet."""
        asked = [
            [row["organisation_id"], row["ref"], row["cpli_id"], row["week"]]
            for row in rows
            if row["cpli_id"] is not None
        ]
        paid = self._ask("payments", "visit_payments", visits=asked) if asked else []
        known = {(organisation_id, ref): payment for organisation_id, ref, payment in paid}
        for row in rows:
            row["pays"] = known.get((row["organisation_id"], row["ref"]))
        return rows

    def _ask(self, service: str, method: str, **payload: Any) -> Any:
        return self.gateway.ask(service, method, self.caller, **payload)


def client_of(row: Row) -> str:
    """The identifier by which a visit names its client (RULES 5)."""
    cells = row["values"]
    return str(cells["SSRef"] or cells["ClientRef"] or cells["NHSNumber"])


def status_of(row: Row, *, is_tried: bool) -> str:
    """RULES 5: New until it was tried, then Matched or Unmatched."""
    if row["deleted"]:
        return "Deleted"
    if not is_tried:
        return "New"
    return "Unmatched" if row["cpli_id"] is None else "Matched"
