"""What an action, an enquiry or a review is about, as disputes takes it; looked up as whoever begins it may see it."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rpc import Caller
from services.portal.clients.gateway import Gateway
from services.portal.web.formats import period, pounds, week

Row = dict[str, Any]


class Begun(NamedTuple):
    """Who begins a case."""

    gateway: Gateway
    caller: Caller

    def action(self, cpli_id: int | None, organisation: str | None) -> Row:
        """About a CPLI, or about nothing with a provider by its name.

        Raises Refused ``not_found``; about the field ``cpli_id`` when there is no such CPLI.
        """
        if cpli_id is not None:
            item = self.line_item(cpli_id)
            return _about(item) | {"organisation_id": item["organisation_id"]}
        if organisation is None:
            return {}
        return {"organisation_id": self._ask("matching", "organisation_id", organisation=organisation)}

    def about_item(self, item_id: str) -> Row:
        """An enquiry about a payment item. Raises Refused ``not_found``."""
        item = self._ask("payments", "payment_item", item_id=item_id)
        when = f", {week(item['week'])}" if item["week"] else ""
        return {
            "about": "item",
            "subject": f"Payment item of {pounds(item['posted_amount'])}{when}",
            "item_id": item["item_id"],
            "cpli_id": item["cpli_id"],
            "client_reference": item["client"] or "",
            "period_start": item["period_start"],
            "week": item["week"],
            "amount": item["posted_amount"],
        }

    def about_period(self, start: dt.date) -> Row:
        """An enquiry about what is payable in a period. Raises Refused ``not_a_period``."""
        first = start.isoformat()
        found = self._ask("payments", "payment_period", start=first)
        return {
            "about": "period",
            "subject": f"Payment of {period(start, period_end_of(start))}",
            "period_start": first,
            "amount": found["total"],
        }

    def review(self, cpli_id: int, first_on: dt.date, last_on: dt.date, visits: list[Row]) -> Row:
        """A review of a CPLI that is paid by visits. Raises Refused ``not_found`` and ``not_by_visits``."""
        item = self.line_item(cpli_id)
        if item["payment_method"] != "Visits" or item["unit"] != "Hr":
            sentence = "This care is not paid by visits: ask the council by an action"
            raise Refused("not_by_visits", sentence, {"field": "cpli_id"})
        return _about(item) | {
            "subject": f"Extra care for CPLI {item['cpli_id']}",
            "first_on": first_on.isoformat(),
            "last_on": last_on.isoformat(),
            "visits": visits,
        }

    def line_item(self, cpli_id: int) -> Row:
        """A CPLI. Raises Refused ``not_found`` about the field ``cpli_id``."""
        try:
            found: Row = self._ask("matching", "line_item", cpli_id=cpli_id)
        except Refused as refused:
            if refused.code != "not_found":
                raise
            sentence = "There is no care package line item with this number: look it up in the list"
            raise Refused("not_found", sentence, {"field": "cpli_id"}) from None
        return found

    def _ask(self, service: str, method: str, **wanted: Any) -> Any:
        return self.gateway.ask(service, method, self.caller, **wanted)


def missing(client: str, day: dt.date, amount: str | None) -> Row:
    """An enquiry about a payment that did not come; day: any of the week."""
    return {
        "about": "missing",
        "subject": "Missing payment",
        "client_reference": client,
        "week": day.isoformat(),
        "amount": amount,
    }


def _about(item: Row) -> Row:
    client = item["client"]
    reference = client["ssref"] or client["client_ref"] or client["nhs_number"]
    return {"cpli_id": item["cpli_id"], "client_reference": reference}
