"""Readings as people and programs see them: who looked, in which role and whose, from where, at what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask import current_app

from libs.common.care.clock import LONDON
from libs.common.rights import table
from services.portal.accounts.environment import Parts
from services.portal.audit.things import Shown, Thing, things_shown
from services.portal.clients.gateway import Gateway
from services.portal.evidence.words import EXPORTED
from services.portal.protection.readings import store
from services.portal.protection.readings.store import Sought
from services.portal.protection.readings.words import area_of, role_in_words, way_of
from services.portal.schema.tables_accounts import Account
from services.portal.schema.tables_evidence import Evidence
from services.portal.web.downloads.csv_out import csv_part
from services.portal.web.names.organisations import provider_names
from services.portal.web.names.people import names_of

ROWS_A_PART: Final = 1000
WITHHELD: Final = "A page that commissioning staff alone see"
COLUMNS: Final = (
    "When",
    "Who",
    "Role",
    "Organisation",
    "Address",
    "By",
    "What",
    "About",
    "Clients shown with it",
    "Reference",
)


class Asked(NamedTuple):
    """What was asked: by `Page` or `API`, and in words."""

    by: str
    words: str


@dataclass(frozen=True)
class Reading:
    """One reading in words; ``others``: how many names of clients were shown with it, this client's own counted."""

    at: dt.datetime
    reference: str
    who: str
    role: str
    whose: str
    address: str
    asked: Asked
    things: list[Shown]
    others: int


def readings(parts: Parts, gateway: Gateway, viewer: Account, rows: Sequence[Evidence]) -> list[Reading]:
    """These rows in words, for whoever looks at them."""
    providers = provider_names(
        parts, gateway, {str(row.organisation_id) for row in rows if row.organisation_id}
    )
    accounts = {one.value for row in rows for one in things_of(row) if one.kind == "account_id"}
    people = names_of(parts, viewer, {*(row.who for row in rows if row.who), *accounts})
    return [_reading(row, viewer, people, providers) for row in rows]


def _reading(row: Evidence, viewer: Account, people: dict[str, str], providers: dict[str, str]) -> Reading:
    is_withheld = withholds(row, (viewer.role,))
    things = [] if is_withheld else things_of(row)
    return Reading(
        at=row.at,
        reference=str(row.event_id),
        who=people.get(row.who or "", ""),
        role=role_in_words(row.role or ""),
        whose=providers.get(str(row.organisation_id), ""),
        address=row.address or "",
        asked=asked_in_words(row, is_withheld=is_withheld),
        things=things_shown(things, viewer, names=people, organisation=None),
        others=len(row.clients),
    )


def things_of(row: Evidence) -> list[Thing]:
    """What the address of a reading named, by kinds and values."""
    return [Thing(kind, value) for kind, value in zip(row.kinds, row.objects, strict=False)]


def withholds(row: Evidence, roles: Sequence[str]) -> bool:
    """Whether what was asked is not for whoever sees the list: that there is a concern is itself told to nobody but
    those who see concerns (RULES 16). Who asked, when and from where is told all the same."""
    needs = needs_of(row.action or "")
    return (
        bool(needs) and {*needs} <= table.OF_CONCERNS and not any(table.may(role, *needs) for role in roles)
    )


def needs_of(endpoint: str) -> tuple[str, ...]:
    """The rights of a page or an operation of the API; none of one that is no more."""
    view = current_app.view_functions.get(endpoint)
    operation = getattr(view, "operation", None)
    return tuple(operation.needs if operation is not None else getattr(view, "needs", ()))


def asked_in_words(row: Evidence, *, is_withheld: bool) -> Asked:
    """The page or operation that was asked, as people know it."""
    endpoint = row.action or ""
    if row.kind == EXPORTED:
        return Asked("Export", "All that is held, as a folder")
    if is_withheld:
        return Asked(way_of(endpoint), WITHHELD)
    operation = getattr(current_app.view_functions.get(endpoint), "operation", None)
    return Asked(way_of(endpoint), operation.summary if operation is not None else area_of(endpoint))


def csv_of_readings(parts: Parts, gateway: Gateway, viewer: Account, sought: Sought) -> Iterator[str]:
    """All that is sought, the newest first, as CSV in parts; moments on London's clocks."""
    yield csv_part([COLUMNS])
    before: store.Place | None = None
    while True:
        with parts.sessions.begin() as transaction:
            rows = store.newest(transaction, sought, before=before, limit=ROWS_A_PART)
            transaction.expunge_all()
        yield csv_part(_cells(one) for one in readings(parts, gateway, viewer, rows))
        if len(rows) < ROWS_A_PART:
            return
        before = rows[-1].at, rows[-1].event_id


def _cells(one: Reading) -> tuple[str, ...]:
    return (
        f"{one.at.astimezone(LONDON):%Y-%m-%d %H:%M:%S}",
        one.who,
        one.role,
        one.whose,
        one.address,
        one.asked.by,
        one.asked.words,
        ", ".join(thing.text for thing in one.things),
        str(one.others),
        one.reference,
    )
