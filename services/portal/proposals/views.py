"""Proposals of all services, as the council sees and decides them (RULES 8): who wants what, and what it would change.

Payments and matching keep their own by the same steps (`libs.common.proposals.steps`); payments works out the money of all.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway

SERVICES: Final = ("payments", "matching")
MOST_SHOWN: Final = 50
Row = dict[str, Any]
Place = tuple[dt.datetime, uuid.UUID]
"""When a proposal was made, and its id."""


@dataclass(frozen=True)
class Proposals:
    """Proposals as one caller may see them."""

    gateway: Gateway
    caller: Caller

    def page(self, before: Place | None = None, limit: int = MOST_SHOWN) -> tuple[list[Row], Row | None]:
        """Those that wait, then the newest; and the last of them where there are more before it.

        Raises Refused ``not_allowed``.
        """
        place = before and [before[0].isoformat(), str(before[1])]
        asked = {"before": place, "limit": limit + 1}
        answers = self.gateway.ask_at_once(
            self.caller, *((service, "proposals", asked) for service in SERVICES)
        )
        found = sorted((row for rows in answers for row in rows), key=_place, reverse=True)
        shown = found[:limit]
        is_more = len(found) > limit and shown[-1]["state"] != "waiting"
        return shown, shown[-1] if is_more else None

    def one(self, proposal_id: str) -> Row:
        """A proposal with its ``service``, and its ``effect``, None while that is being worked out.

        Raises Refused ``not_allowed``, ``not_found``.
        """
        found = self._known(proposal_id)
        found["effect"] = self.gateway.ask("payments", "effect", self.caller, proposal_id=proposal_id)
        return found

    def decide(self, proposal_id: str, *, approves: bool, reason: str = "") -> None:
        """Approve or refuse it. Raises Refused as `libs.common.proposals.steps.decide` does."""
        self.gateway.ask(
            self._known(proposal_id)["service"],
            "decide_proposal",
            self.caller,
            proposal_id=proposal_id,
            approves=approves,
            reason=reason,
        )

    def _known(self, proposal_id: str) -> Row:
        for service in SERVICES[:-1]:
            try:
                return self._of(service, proposal_id)
            except Refused as refused:
                if refused.code != "not_found":
                    raise
        return self._of(SERVICES[-1], proposal_id)

    def _of(self, service: str, proposal_id: str) -> Row:
        found: Row = self.gateway.ask(service, "proposal", self.caller, proposal_id=proposal_id)
        return found | {"service": service}


def _place(row: Mapping[str, Any]) -> tuple[bool, dt.datetime, str]:
    """Where a proposal stands: the last ones come first."""
    return row["state"] == "waiting", dt.datetime.fromisoformat(row["proposed_at"]), row["proposal_id"]
