"""Payment items: listed, looked at, moved, posted by hand."""

from __future__ import annotations

from libs.common.seams.payments.items import FoundItem, ItemInFull, ItemOfPeriod
from libs.common.seams.proposals import Proposed
from services.portal.clients.service_client import ServiceClient


class ItemsClient(ServiceClient):
    """A part of PaymentsClient."""

    def payment_items(
        self,
        *,
        start: str,
        organisation: str | None,
        contract: str | None = None,
        shown: str | None = None,
        after: str | None,
        limit: int,
    ) -> list[ItemOfPeriod]:
        """A page of a period's items after one; shown: payable, non_payable or None for all."""
        which = {"start": start, "organisation": organisation, "contract": contract}
        return self._ask("payment_items", **which, shown=shown, after=after, limit=limit)

    def payment_item(self, *, item_id: str) -> ItemInFull:
        """An item with its portions, what may be done with them, and what was done."""
        return self._ask("payment_item", item_id=item_id)

    def search(self, *, written: str) -> list[FoundItem]:
        """The newest items of the CPLI or the client that is written."""
        return self._ask("search", written=written)

    def move_item(
        self,
        *,
        item_id: str,
        name: str,
        period_start: str,
        status: str,
        seen_moves: int,
        reason: str,
        owner: str,
        instalments: int,
    ) -> None:
        """Split what of an item stands in a period; hold or release it where it is of no CPLI-week. Council only."""
        portion = {"item_id": item_id, "period_start": period_start, "status": status}
        move = {"name": name, "instalments": instalments, "reason": reason, "owner": owner}
        self._ask("move_item", **portion, **move, seen_moves=seen_moves)

    def post_adjustment(
        self,
        *,
        adjustment_id: str,
        start: str,
        organisation: str,
        contract: str,
        client: str | None,
        cpli_id: int | None,
        amount: str,
        reason: str,
    ) -> Proposed:
        """Post pounds into an open period by hand, or propose it where it needs two people. Council only."""
        about = {"start": start, "organisation": organisation, "contract": contract}
        whom = {"client": client, "cpli_id": cpli_id}
        return self._ask(
            "post_adjustment", adjustment_id=adjustment_id, **about, **whom, amount=amount, reason=reason
        )
