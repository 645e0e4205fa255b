"""Letters that the council's people subscribed to (RULES 20): what came for them, and what waits.

What came is looked for every few minutes, wherever it came from: a page, the API, the command line. One letter tells
of all that is new of a kind; `told` keeps each, so that nobody is told twice. Services are asked as the holder would.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final, NamedTuple

from libs.common.care.clock import london_day
from libs.common.casework.cases import ACTION, CLAIM, COUNCIL, DISPUTE, ENQUIRY, REVIEW
from libs.common.errors import Refused, ServiceUnavailable
from libs.common.process import logs
from libs.common.rights import table
from libs.common.rpc import Caller
from services.portal.accounts.callers import caller_of
from services.portal.accounts.environment import Parts
from services.portal.clients.disputes import DisputesClient
from services.portal.clients.gateway import Gateway
from services.portal.clients.ingest import IngestClient
from services.portal.clients.payments import PaymentsClient
from services.portal.home.waiting import in_words, numbers
from services.portal.letters import notification_words
from services.portal.letters import store as letters_store
from services.portal.letters.rules import COUNCIL_KINDS, is_awake
from services.portal.schema.tables_accounts import Account

_log = logs.log(__name__)
LOOKED_AT: Final = 50
"""The newest of a kind; what is older was told of, or waits on the first page."""


class Came(NamedTuple):
    """Something that came. about: its id, with what makes it news again; line: without a client's name or reference."""

    about: str
    line: str
    path: str


Look = Callable[[Gateway, Caller], list[Came]]


def _cases(kind: str, many: str, words: str) -> Look:
    """Those whose turn is the council's; each time that they come back they are news again."""

    def look(gateway: Gateway, who: Caller) -> list[Came]:
        found = DisputesClient(gateway, who).cases(kind=kind, turn=COUNCIL, limit=LOOKED_AT)
        return [
            Came(
                f"{case['case_id']} {case['changed_at']}",
                f"{words} {case['number']}",
                f"/{many}/{case['case_id']}",
            )
            for case in found
        ]

    return look


def _runs(gateway: Gateway, who: Caller) -> list[Came]:
    found = PaymentsClient(gateway, who).runs(after=None, limit=LOOKED_AT)
    return [
        Came(run["run_id"], f"The payment run of {run['period_start']}", f"/payments/runs/{run['run_id']}")
        for run in found
        if run["state"] == "prepared"
    ]


def _invoices(gateway: Gateway, who: Caller) -> list[Came]:
    found = PaymentsClient(gateway, who).invoices(
        organisation=None, contract=None, state="Pending", start=None, after=None, limit=LOOKED_AT
    )
    return [
        Came(one["id"], f"{one['number']} of {one['organisation']}", f"/invoices/{one['id']}")
        for one in found
    ]


def _files(gateway: Gateway, who: Caller) -> list[Came]:
    found = IngestClient(gateway, who).visits_files(organisation=None, limit=LOOKED_AT)
    rejected = [(file, file["counts"]["rejected"] if file["counts"] else 0) for file in found]
    return [
        Came(
            file["id"],
            f"{file['organisation']}: {number:,} {'row was' if number == 1 else 'rows were'} rejected",
            f"/visits-files/{file['id']}",
        )
        for file, number in rejected
        if number and file["state"] == "applied"
    ]


CAME: Final[dict[str, Look]] = {
    "runs_prepared": _runs,
    "disputes_answered": _cases(DISPUTE, "disputes", "Dispute"),
    "claims_submitted": _cases(CLAIM, "claims", "One-off claim"),
    "enquiries_asked": _cases(ENQUIRY, "enquiries", "Payment enquiry"),
    "actions_answered": _cases(ACTION, "actions", "Action"),
    "reviews_asked": _cases(REVIEW, "reviews", "Provider-led review"),
    "invoices_submitted": _invoices,
    "files_with_problems": _files,
}


def tell_the_council(parts: Parts, gateway: Gateway, now: dt.datetime) -> None:
    """Write the letters that are due now; doing it again writes none twice."""
    for kind, offered in COUNCIL_KINDS.items():
        if kind in CAME or (offered.waits and is_awake(now)):
            for account in _subscribers(parts, kind):
                try:
                    if kind in CAME:
                        _tell_of_what_came(parts, gateway, now, kind, account)
                    else:
                        _tell_of_what_waits(parts, gateway, now, kind, account)
                except (Refused, ServiceUnavailable) as error:
                    _log.warning("not_told_now", kind=kind, reason=str(error))


def _subscribers(parts: Parts, kind: str) -> list[Account]:
    """Who of the council wants a kind, and may still see what it tells of."""
    with parts.sessions.begin() as transaction:
        found = letters_store.subscribers(transaction, kind)
    needs = COUNCIL_KINDS[kind].needs
    return [one for one in found if one.organisation_id is None and table.may(one.role, *needs)]


def _tell_of_what_came(parts: Parts, gateway: Gateway, now: dt.datetime, kind: str, account: Account) -> None:
    came = CAME[kind](gateway, caller_of(account))
    with parts.sessions.begin() as transaction:
        new = [
            one for one in came if letters_store.tell(transaction, account.account_id, kind, one.about, now)
        ]
        if new:
            lines = [(one.line, one.path) for one in new]
            notification_words.came_for_council(transaction, parts, account, COUNCIL_KINDS[kind].text, lines)


def _tell_of_what_waits(
    parts: Parts, gateway: Gateway, now: dt.datetime, kind: str, account: Account
) -> None:
    """Once a day, while there is some."""
    offered, today = COUNCIL_KINDS[kind], london_day(now).isoformat()
    with parts.sessions.begin() as transaction:
        if today in letters_store.told(transaction, account.account_id, kind):
            return
    lines = in_words(numbers(parts, gateway, caller_of(account), account), offered.waits)
    if not lines:
        return
    with parts.sessions.begin() as transaction:
        if letters_store.tell(transaction, account.account_id, kind, today, now):
            notification_words.waits_for_council(transaction, parts, account, offered.text, lines)
