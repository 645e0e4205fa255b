"""Merging two clients that are one person: what it moves in money is shown first (RULES 2)."""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple, Protocol

from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.seams.events import WeekVisits
from libs.common.seams.matching.merging import ClientMerge, ClientMergePreview
from libs.common.seams.payments.merging import MoneyOfMerge
from services.portal.clients.gateway import Gateway
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient


class Matching(Protocol):
    """Whoever asks matching."""

    def preview_client_merge(self, *, client: str, into: str) -> ClientMergePreview: ...
    def merge_clients(self, *, client: str, into: str, reason: str) -> ClientMerge: ...


class Payments(Protocol):
    """Whoever asks payments."""

    def money_of_merge(
        self, *, client_id: str, into_client_id: str, weeks: list[WeekVisits]
    ) -> MoneyOfMerge: ...


class ShownMerge(ClientMerge):
    """A merge, done or previewed: ``money`` is what it moves in pounds, ``seen`` stands for all that was shown.

    A preview of what is done already has neither; what has just been done has its money.
    """

    money: MoneyOfMerge | None
    seen: str | None


class Merging(NamedTuple):
    """Merges for whoever asks these."""

    matching: Matching
    payments: Payments

    def preview(self, client: str, into: str) -> ShownMerge:
        """What merging a client into another would do, each named by its id or any identifier; nothing is changed.

        Raises Refused ``not_allowed``, ``not_found``, ``same_client``, ``in_flight``.
        """
        found = self.matching.preview_client_merge(client=client, into=into)
        if found["state"] == "merged":
            return _show(found)
        money = self.payments.money_of_merge(
            client_id=found["client"]["client_id"],
            into_client_id=found["into"]["client_id"],
            weeks=found["weeks"],
        )
        return _show(found, money, _digest(found["client"], found["into"], money))

    def merge(self, client: str, into: str, *, reason: str, seen: str | None = None) -> ShownMerge:
        """Merge a client into another, and show what was done, with the money that it moves.

        ``seen`` is that of a preview: raises Refused ``seen_another`` where merging would move something else by now.
        Raises what ``preview`` does. Doing it twice does it once.
        """
        shown = self.preview(client, into)
        if shown["state"] == "merged":
            return shown
        if seen not in (None, shown["seen"]):
            sentence = "What merging would move has changed since it was shown: look at it again."
            raise Refused("seen_another", sentence)
        done = self.matching.merge_clients(
            client=shown["client"]["client_id"], into=shown["into"]["client_id"], reason=reason
        )
        return _show(done, shown["money"])


def merging_of(gateway: Gateway, caller: Caller) -> Merging:
    """Merges for a caller of the portal."""
    return Merging(MatchingClient(gateway, caller), PaymentsClient(gateway, caller))


def _show(merge: ClientMerge, money: MoneyOfMerge | None = None, seen: str | None = None) -> ShownMerge:
    shown: ShownMerge = {
        "state": merge["state"],
        "client": merge["client"],
        "into": merge["into"],
        "money": money,
        "seen": seen,
    }
    if merge["state"] == "merged":
        shown |= {"reason": merge["reason"], "merged_by": merge["merged_by"]}
    return shown


def moved_charges(done: ShownMerge) -> str | None:
    """By how many pounds the charges of a merged pair change; None where that is no longer said."""
    money = done["money"]
    return None if money is None else str(money["charges"]["difference"])


def _digest(*shown: object) -> str:
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:32]
