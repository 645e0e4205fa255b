"""Letters that holders subscribed to. What was told is a row beside the letter, so that nobody is told twice.

Other services are asked now and then, as the holder would: an hour late is soon enough for these letters, and a
service that is away is asked again the next time.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from itertools import groupby
from typing import Final, NamedTuple, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session as Transaction

from libs.common.care.clock import london_day
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.process import logs
from libs.common.rpc import Caller
from services.portal.accounts.callers import caller_of
from services.portal.accounts.environment import Parts
from services.portal.accounts.tokens import steps as tokens_steps
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.matching import MatchingClient
from services.portal.clients.payments import PaymentsClient
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.letters.council import tell_the_council
from services.portal.letters.rules import is_awake, newly_finalised, reminder_due
from services.portal.schema.tables_accounts import Account

_log = logs.log(__name__)
Answer = TypeVar("Answer")

LOOK_SECONDS = 300.0
BEGUN = "begun"
"""In `told`: since then new periods are told of; those before are no news."""
CONFIRM_WITHIN_HOURS: Final = 24


class Daily(NamedTuple):
    """A letter once a day while something waits: how many there are, and the letter."""

    number: Callable[[Gateway, Caller], int]
    write: Callable[[Transaction, Parts, Account, int], None]


def _count_unconfirmed(gateway: Gateway, who: Caller) -> int:
    weeks = IngestClient(gateway, who).unconfirmed_actuals(
        organisation=None, within_hours=CONFIRM_WITHIN_HOURS
    )
    return len(weeks)


DAILY: Final[dict[str, Daily]] = {
    "unmatched": Daily(
        lambda gateway, who: MatchingClient(gateway, who).waiting().get("unmatched_visits", 0),
        notification_words.unmatched_visits,
    ),
    "documents": Daily(
        lambda gateway, who: MatchingClient(gateway, who).waiting().get("documents_to_answer", 0),
        notification_words.documents_to_answer,
    ),
    "actuals": Daily(_count_unconfirmed, notification_words.actuals_to_confirm),
}
"""What waits, by the kind of letter."""


def tell_what_is_due(parts: Parts, gateway: Gateway) -> None:
    """Write the letters that are due now. Doing it again, or in two processes, writes none twice."""
    now = parts.clock()
    tokens_steps.warn_of_ends(parts, now)
    tell_of_periods(parts, gateway, now)
    if is_awake(now):
        for kind in DAILY:
            tell_of_what_waits(parts, gateway, now, kind)
        remind(parts, now)
    tell_the_council(parts, gateway, now)
    with parts.sessions.begin() as transaction:
        letters_store.forget_told(transaction, now)


def tell_of_periods(parts: Parts, gateway: Gateway, now: dt.datetime) -> None:
    """A letter for each period that was finalised since the holder subscribed."""
    for accounts, periods in _asked(
        parts, "remittance", lambda who: PaymentsClient(gateway, who).payment_periods()
    ):
        states = {period["start"]: period["state"] for period in periods}
        for account in accounts:
            with parts.sessions.begin() as transaction:
                told = letters_store.told(transaction, account.account_id, "remittance")
                for start in newly_finalised(states, told):
                    is_new = letters_store.tell(transaction, account.account_id, "remittance", start, now)
                    if is_new and BEGUN in told:
                        notification_words.period_finalised(transaction, parts, account, start)
                letters_store.tell(transaction, account.account_id, "remittance", BEGUN, now)


def tell_of_what_waits(parts: Parts, gateway: Gateway, now: dt.datetime, kind: str) -> None:
    """Once a day, while there is some."""
    today = london_day(now).isoformat()
    daily = DAILY[kind]
    for accounts, number in _asked(parts, kind, lambda who: daily.number(gateway, who)):
        for account in accounts if number else ():
            with parts.sessions.begin() as transaction:
                if letters_store.tell(transaction, account.account_id, kind, today, now):
                    daily.write(transaction, parts, account, number)


def remind(parts: Parts, now: dt.datetime) -> None:
    """On the day before the visits of a week are due."""
    monday = reminder_due(london_day(now), parts.submission_days)
    if monday is None:
        return
    with parts.sessions.begin() as transaction:
        for account in letters_store.subscribers(transaction, "deadlines"):
            about = monday.isoformat()
            if letters_store.tell(transaction, account.account_id, "deadlines", about, now):
                notification_words.deadline_tomorrow(transaction, parts, account, monday)


def _asked(
    parts: Parts, kind: str, question: Callable[[Caller], Answer]
) -> list[tuple[list[Account], Answer]]:
    """The subscribers of each organisation with the service's answer for it, as far as it gives one."""
    with parts.sessions.begin() as transaction:
        subscribers = letters_store.subscribers(transaction, kind)
    found: list[tuple[list[Account], Answer]] = []
    for _, group in groupby(subscribers, key=lambda account: account.organisation_id):
        accounts = list(group)
        try:
            found.append((accounts, question(caller_of(accounts[0]))))
        except (Refused, ServiceUnavailable) as error:
            _log.warning("not_told_now", kind=kind, reason=str(error))
    return found


class Notifier:
    """Writes what is due every few minutes, as long as the process lives. `run` is for a thread that is kept."""

    def __init__(self, parts: Parts, gateway: Gateway) -> None:
        self._parts, self._gateway = parts, gateway

    def run(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            try:
                tell_what_is_due(self._parts, self._gateway)
            except SQLAlchemyError as error:  # the database comes back
                _log.warning("notifications_wait", reason=type(error).__name__)
