"""The provider's first page (RULES 20): the next deadline, and what is still to be sent, corrected or looked at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from libs.common.care.weeks import monday_of, sunday_of, visits_due_on
from libs.common.rights import names as rights
from libs.common.rights import table
from libs.common.rpc import Caller
from libs.common.seams.ingest.actuals import UnconfirmedWeek
from libs.common.seams.ingest.files import RejectedOfFile
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.help.rules import week_due_after
from services.portal.schema.tables_accounts import Account

WEEKS_LOOKED_AT: Final = 12
"""What is older is in the reports."""
SOON_HOURS: Final = 7 * 24


class WeekToSend(NamedTuple):
    """A week with care that is paid from visits, for which nothing was sent; ``is_late``: its visits were due."""

    monday: dt.date
    due_on: dt.date
    is_late: bool


@dataclass(frozen=True)
class Deadlines:
    """None is what a service did not say in time; it is never taken for nothing."""

    monday: dt.date
    """of the week whose visits are due next"""
    due_on: dt.date
    days_left: int
    weeks: list[WeekToSend] | None
    rejected: list[RejectedOfFile] | None
    unmatched: tuple[int, str] | None
    """how many, and what they would come to in pounds"""
    unconfirmed: list[UnconfirmedWeek] | None
    first: dt.date
    last: dt.date
    """the days that are looked at"""


def find_deadlines(
    gateway: Gateway, caller: Caller, account: Account, today: dt.date, submission_days: int
) -> Deadlines | None:
    """None for whoever is of no provider."""
    if account.organisation_id is None or not table.may(account.role, rights.SEND_VISITS):
        return None
    monday = week_due_after(today, submission_days)
    first, last = monday_of(today) - dt.timedelta(weeks=WEEKS_LOOKED_AT), sunday_of(monday_of(today))
    days = {"first": first.isoformat(), "last": last.isoformat()}
    ended = {"first": first.isoformat(), "last": (monday_of(today) - dt.timedelta(days=1)).isoformat()}
    ingest = IngestClient(gateway, caller, is_quick=True)
    matching = MatchingClient(gateway, caller, is_quick=True)
    questions: dict[str, Callable[[], Any]] = {
        "expected": lambda: [week.monday for week in matching.expected_weeks(contracts=None, **ended)],
        "sent": lambda: [monday for _, monday in ingest.sent_weeks(**ended)],
        "rejected": lambda: ingest.rejected_rows(**days)["files"],
        "unmatched": lambda: matching.unmatched_money(**days),
        "unconfirmed": lambda: ingest.unconfirmed_actuals(organisation=None, within_hours=SOON_HOURS),
    }
    found = gateway.answers_by_now(questions)
    due_on = visits_due_on(monday, submission_days)
    unmatched: Mapping[str, Any] | None = found.get("unmatched")
    return Deadlines(
        monday=monday,
        due_on=due_on,
        days_left=(due_on - today).days,
        weeks=weeks_to_send(found["expected"], found["sent"], today, submission_days)
        if "expected" in found and "sent" in found
        else None,
        rejected=found.get("rejected"),
        unmatched=None
        if unmatched is None
        else next(((of["number"], of["amount"]) for of in unmatched.values()), (0, "0.00")),
        unconfirmed=found.get("unconfirmed"),
        first=first,
        last=last,
    )


def weeks_to_send(
    expected: Iterable[str], sent: Iterable[str], today: dt.date, submission_days: int
) -> list[WeekToSend]:
    """The weeks of which nothing was sent, the oldest first. Pure."""
    missing = sorted(set(expected) - set(sent))
    found = []
    for monday in map(dt.date.fromisoformat, missing):
        due_on = visits_due_on(monday, submission_days)
        found.append(WeekToSend(monday, due_on, due_on < today))
    return found
