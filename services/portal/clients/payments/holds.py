"""Holds of CPLI-weeks."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.payments.holds import DecidedWeeks, HoldInForce, WeekHold
from services.portal.clients.payload_types import CpliWeek
from services.portal.clients.service_client import ServiceClient


class HoldsClient(ServiceClient):
    """A part of PaymentsClient."""

    def holds(
        self, *, organisation: str | None, after: tuple[int, str] | None, limit: int
    ) -> list[HoldInForce]:
        """A page of the weeks that are held, by Monday and CPLI, after a (CPLI, Monday). Council only."""
        return self._ask("holds", organisation=organisation, after=after, limit=limit)

    def week_hold(self, *, cpli_id: int, monday: str) -> WeekHold:
        """A CPLI's week: its unpaid money and what was decided about it."""
        return self._ask("week_hold", cpli_id=cpli_id, monday=monday)

    def place_hold(
        self,
        *,
        cpli_id: int,
        monday: str,
        kind: str,
        reason: str,
        owner: str,
        charge: str | None = None,
        seen: int | None = None,
    ) -> None:
        """Cancel, suspend or carry forward what of a week is not paid."""
        about = {"cpli_id": cpli_id, "monday": monday, "seen": seen}
        self._ask("place_hold", **about, kind=kind, charge=charge, reason=reason, owner=owner)

    def release_hold(
        self,
        *,
        cpli_id: int,
        monday: str,
        reason: str,
        owner: str | None = None,
        charge: str | None = None,
        seen: int | None = None,
    ) -> None:
        """Pay what of a week is held."""
        about = {"cpli_id": cpli_id, "monday": monday, "seen": seen}
        self._ask("release_hold", **about, charge=charge, reason=reason, owner=owner)

    def decide_charge(
        self, *, cpli_id: int, monday: str, charge: str, reason: str, seen: int | None = None
    ) -> None:
        """Decide anew about the charge of what is held."""
        self._ask("decide_charge", cpli_id=cpli_id, monday=monday, seen=seen, charge=charge, reason=reason)

    def week_holds(self, *, weeks: Sequence[CpliWeek]) -> list[WeekHold]:
        """These weeks, 200 at most; what is no week of a CPLI is left out. Council only."""
        return self._ask("week_holds", weeks=weeks)

    def place_holds(
        self,
        *,
        weeks: Sequence[tuple[int, str, int]],
        kind: str,
        reason: str,
        owner: str,
        charge: str | None = None,
    ) -> DecidedWeeks:
        """Hold these (CPLI, Monday, decisions seen), 200 at most, as far as they can be. Council only."""
        return self._ask("place_holds", weeks=weeks, kind=kind, charge=charge, reason=reason, owner=owner)

    def release_holds(
        self, *, weeks: Sequence[tuple[int, str, int]], reason: str, charge: str | None = None
    ) -> DecidedWeeks:
        """Release these likewise."""
        return self._ask("release_holds", weeks=weeks, charge=charge, reason=reason)
