"""Debts (RULES 8): nobody is paid less than nothing. Takes a session, never commits.

Made while a period is finalised, under the period lock alone; written off and split under the shared one.
"""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.weeks import next_period
from libs.common.errors import Refused
from services.payments import locks
from services.payments.debts import store as debts_store
from services.payments.debts.rules import (
    CARRIED,
    COMES_OFF,
    REASONS,
    SERIES,
    WRITTEN_OFF,
    Due,
    shortfall_of,
    taken_off,
)
from services.payments.events.public import say_posted
from services.payments.items import store as items_store
from services.payments.periods import store as periods_store
from services.payments.periods.rules import Periods

DEBT_IDS = uuid.UUID("5f0f7a0e-3c55-5f3e-8d0a-7c1f6a0b2e44")
RULE = "Nobody is paid less than nothing: what a total lacks is a debt that comes off later payments"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A total that was just frozen: what an organisation is paid under a contract in a period, in pounds."""

    organisation_id: str
    contract: str
    start: dt.date
    total: Decimal


class Ledger:
    """Posts the items of debts, and keeps them to be said together."""

    def __init__(self, session: Session, cause_id: str) -> None:
        self.session = session
        self.cause_id = cause_id
        self.items: list[dict[str, Any]] = []

    def post(
        self,
        kind: str,
        debt: Mapping[str, Any],
        contract: str,
        start: dt.date,
        amount: Decimal,
        because_of: str = "",
    ) -> None:
        """One item of a debt. Its id says what it is about, so that it can't be posted twice."""
        about = f"{debt['debt_id']}/{kind}/{contract}/{start}/{because_of}"
        item_id = str(uuid.uuid5(DEBT_IDS, about))
        row = {
            "item_id": item_id,
            "series": SERIES,
            "kind": kind,
            "cpli_id": None,
            "monday": None,
            "ordinal": 0,
            "organisation_id": debt["organisation_id"],
            "contract": contract,
            "client_id": None,
            "client_reference": "",
            "period_start": start,
            "amount": amount,
            "reason": REASONS[kind],
            "week_version": 0,
            "explanation": debts_store.explanation_of(
                RULE, debt_id=debt["debt_id"], arose_in=debt["arose_in"], debt_contract=debt["contract"]
            ),
            "cause_id": self.cause_id,
        }
        items_store.insert_item(self.session, row)
        debts_store.insert_debt_item(self.session, item_id, debt["debt_id"], debt["organisation_id"])
        self.items.append(row)

    def say(self) -> None:
        """Tell each item as a public event."""
        say_posted(self.session, self.items, [], cause_id=self.cause_id)


def make_debts(session: Session, frozen: Iterable[Frozen], after: Periods) -> None:
    """Leave no total that was just frozen below nothing, then take what waits off the others.

    ``after``: what is finalised now. The period lock is held alone.
    """
    ledger = Ledger(session, str(uuid.uuid4()))
    in_order = sorted(frozen, key=lambda one: (one.start, one.organisation_id, one.contract))
    for one in in_order:
        if one.total < 0:
            carry(ledger, one, after)
    for one in in_order:
        if one.total > 0:
            take_off_others(ledger, one, after)
    ledger.say()


def carry(ledger: Ledger, one: Frozen, after: Periods) -> None:
    """What a total lacks is taken out of its period, and comes off the contract's earliest open one."""
    due = debts_store.due_in(ledger.session, one.organisation_id, one.contract, one.start)
    shortfall = shortfall_of(one.total, due)
    carried = dict(shortfall.carried)
    if shortfall.new:
        carried[new_debt(ledger.session, one, shortfall.new)] = shortfall.new
    opens = after.for_week(next_period(one.start), one.contract)
    for debt_id, amount in sorted(carried.items()):
        debt = require_debt(ledger.session, debt_id)
        ledger.post(CARRIED, debt, one.contract, one.start, amount)
        ledger.post(COMES_OFF, debt, one.contract, opens, -amount)


def new_debt(session: Session, one: Frozen, amount: Decimal) -> str:
    """Note the debt that arose; its id."""
    about = f"{one.organisation_id}/{one.contract}/{one.start}"
    debt = {
        "debt_id": str(uuid.uuid5(DEBT_IDS, about)),
        "organisation_id": one.organisation_id,
        "contract": one.contract,
        "arose_in": one.start,
        "amount": amount,
    }
    debts_store.insert_debt(session, debt)
    return str(debt["debt_id"])


def take_off_others(ledger: Ledger, one: Frozen, after: Periods) -> None:
    """What waits of debts under other contracts whose own next payment had its turn, and could not bear it."""
    waiting: list[Due] = []
    for contract in debts_store.contracts_in_debt(ledger.session, one.organisation_id):
        through = after.through(contract)
        if contract != one.contract and through is not None:
            opens = next_period(through)
            found = debts_store.came_to_wait(ledger.session, one.organisation_id, contract, opens)
            waiting += [due for due in found if due.arose_in < min(through, one.start)]
    for due, amount in taken_off(one.total, waiting):
        debt = require_debt(ledger.session, due.debt_id)
        because_of = f"{one.contract}/{one.start}"
        ledger.post(CARRIED, debt, due.contract, due.period_start, amount, because_of)
        ledger.post(COMES_OFF, debt, one.contract, one.start, -amount, because_of)


def write_off(session: Session, debt_id: str, *, cause_id: str) -> None:
    """Let go of what is still owed of a debt. Two people have decided it (``proposals``).

    Raises Refused: ``not_found``, ``nothing_owed``.
    """
    locks.lock_periods(session, exclusive=False)
    locks.lock_item(session, debt_id)
    debt, owed = require_debt(session, debt_id), require_owed(session, debt_id)
    ledger = Ledger(session, cause_id)
    for due in owed:
        ledger.post(WRITTEN_OFF, debt, due.contract, due.period_start, due.amount)
    ledger.say()


def require_owed(session: Session, debt_id: str) -> list[Due]:
    """What is still owed of a debt. Raises Refused ``not_found``, ``nothing_owed``."""
    require_debt(session, debt_id)
    owed = owed_of(session, debt_id, periods_store.read_periods(session))
    if not owed:
        raise Refused("nothing_owed", "Nothing is owed of this debt any more.")
    return owed


def owed_of(session: Session, debt_id: str, periods: Periods) -> list[Due]:
    """What of a debt comes off in periods that are open."""
    standing = debts_store.standing_of(session, debt_id)
    return [
        due
        for due in standing
        if due.amount > 0 and periods.for_week(due.period_start, due.contract) == due.period_start
    ]


def refuse_split(session: Session, item_id: str, start: dt.date, amount: Decimal) -> None:
    """An item of a debt can be split while all of it is still to come off. Raises Refused ``move_not_allowed``."""
    debt_id = debts_store.debt_of_item(session, item_id) or ""
    locks.lock_item(session, debt_id)
    standing = debts_store.standing_of(session, debt_id)
    if sum((due.amount for due in standing if due.period_start == start), NOTHING) != -amount:
        raise Refused("move_not_allowed", "A part of this debt has come off or was written off already.")


def require_debt(session: Session, debt_id: str) -> dict[str, Any]:
    """The debt; raises Refused ``not_found``."""
    found = debts_store.debt(session, debt_id)
    if found is None:
        raise Refused("not_found", "There is no such debt.")
    return found
