"""The audit trail as people read it: who, what, on what, whose, how much, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from libs.common.care.clock import LONDON
from services.portal.accounts.environment import Parts
from services.portal.audit import store as audit_store
from services.portal.audit.store import Doing, Sought
from services.portal.audit.things import Shown, Thing, things_shown
from services.portal.audit.words import ROLES, action_in_words, ending_in_words, group_of, outcome_in_words
from services.portal.clients.gateway import Gateway
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_requests import Audit, AuditEnd
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_of

ROWS_A_PART = 1000
MARK: Final = "\ufeff"
"""What tells a spreadsheet how letters are written."""
COLUMNS: Final = (
    "When",
    "Who",
    "Role",
    "Organisation of who asked",
    "Kind",
    "What was done",
    "On what",
    "Provider",
    "Contract",
    "Amount",
    "How it ended",
    "Outcome",
    "Reference",
)


@dataclass(frozen=True)
class Entry:
    """One doing in words; `amount` in pounds, None where none is known."""

    at: dt.datetime
    reference: str
    who: str
    role: str
    whose: str
    group: str
    words: str
    things: list[Shown]
    provider: str
    contract: str
    amount: Decimal | None
    ending: str
    outcome: str


def entries(parts: Parts, gateway: Gateway, viewer: Account, doings: Sequence[Doing]) -> list[Entry]:
    """These doings in words, for whoever looks at them."""
    ids = {str(one) for asked, end in doings for one in _organisations(asked, end) if one}
    providers = provider_names(parts, gateway, ids)
    things = [_things(*doing) for doing in doings]
    people = names_of(
        parts,
        viewer,
        {
            *(asked.who for asked, _ in doings),
            *(one.value for each in things for one in each if one.kind in ("account_id", "staff_id")),
        },
    )
    return [
        _entry(doing, about, viewer, people, providers) for doing, about in zip(doings, things, strict=True)
    ]


def _entry(
    doing: Doing, about: list[Thing], viewer: Account, people: dict[str, str], providers: dict[str, str]
) -> Entry:
    asked, end = doing
    provider = ""
    if end is not None:
        provider = providers.get(str(end.organisation_id), "") or end.organisation or ""
    return Entry(
        at=asked.asked_at,
        reference=str(asked.action_id),
        who=people[asked.who],
        role=ROLES.get(asked.role) or asked.role.replace("_", " ").capitalize(),
        whose=providers.get(str(asked.organisation_id), ""),
        group=group_of(asked.action),
        words=action_in_words(asked.action),
        things=things_shown(about, viewer, names=people, organisation=provider or None),
        provider=provider,
        contract=(end.contract if end else None) or "",
        amount=end.amount if end else None,
        ending=ending_in_words(end.status if end else None),
        outcome=outcome_in_words(end.status, end.outcome) if end else "",
    )


def _organisations(asked: Audit, end: AuditEnd | None) -> tuple[object, object]:
    return asked.organisation_id, end and end.organisation_id


def _things(asked: Audit, end: AuditEnd | None) -> list[Thing]:
    """What was done on; what was recorded before there were kinds has none."""
    found = _named(asked.kinds, asked.objects)
    return found + _named(end.made_kinds, end.made) if end else found


def _named(kinds: Sequence[str], values: Sequence[str]) -> list[Thing]:
    known = [*kinds, *[""] * (len(values) - len(kinds))]
    return [Thing(kind, value) for kind, value in zip(known, values, strict=True)]


def csv_of_trail(parts: Parts, gateway: Gateway, viewer: Account, sought: Sought) -> Iterator[str]:
    """All that is sought, the newest first, as CSV in parts; pounds as 3.05, moments on London's clocks."""
    yield csv_part([COLUMNS])
    before: audit_store.Place | None = None
    while True:
        with parts.sessions.begin() as transaction:
            doings = audit_store.newest(transaction, sought, before=before, limit=ROWS_A_PART)
            transaction.expunge_all()
        yield csv_part(_cells(entry) for entry in entries(parts, gateway, viewer, doings))
        if len(doings) < ROWS_A_PART:
            return
        before = doings[-1][0].asked_at, doings[-1][0].action_id


def _cells(entry: Entry) -> tuple[str, ...]:
    return (
        f"{entry.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}",
        entry.who,
        entry.role,
        entry.whose,
        entry.group,
        entry.words,
        ", ".join(thing.text for thing in entry.things),
        entry.provider,
        entry.contract,
        "" if entry.amount is None else f"{entry.amount:.2f}",
        entry.ending,
        entry.outcome,
        entry.reference,
    )
