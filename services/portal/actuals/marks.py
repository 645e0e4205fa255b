"""What other services know of weeks of actuals: those in dispute (RULES 9, 13)."""

from __future__ import annotations

from collections.abc import Iterable

from libs.common.care.weeks import sunday_of
from libs.common.seams.disputes.disputes import OpenDispute
from libs.common.seams.ingest.actuals import CalendarWeek, MarkedWeek
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.ingest import IngestClient
from services.portal.web.addresses import day_named

DisputesByCpli = dict[int, list[OpenDispute]]


def find_calendar(
    ingest: IngestClient, disputes: DisputesClient, *, organisation: str | None, first: str, last: str
) -> list[CalendarWeek]:
    """The weeks between two Mondays in which anything is generated, saved or in dispute."""
    marks = marks_of(find_disputed_weeks(disputes, first, last))
    return ingest.actuals_calendar(organisation=organisation, first=first, last=last, marks=marks)


def find_disputed_weeks(disputes: DisputesClient, first: str, last: str) -> list[OpenDispute]:
    """The open disputes about weeks of line items between two Mondays; whoever asks sees their own."""
    found = disputes.open_disputes(first=first, last=sunday_of(day_named(last)).isoformat())
    return [one for one in found if one["monday"] is not None and first <= one["monday"] <= last]


def marks_of(found: Iterable[OpenDispute]) -> list[MarkedWeek]:
    """The same as ingest is told of them."""
    return [
        {"cpli_id": one["cpli_id"], "monday": one["monday"], "state": "disputed"}
        for one in found
        if one["cpli_id"] is not None and one["monday"] is not None
    ]


def by_cpli(found: Iterable[OpenDispute]) -> DisputesByCpli:
    """The disputes of one week by the line item that each is about."""
    sorted_out: DisputesByCpli = {}
    for one in found:
        if one["cpli_id"] is not None:
            sorted_out.setdefault(one["cpli_id"], []).append(one)
    return sorted_out
