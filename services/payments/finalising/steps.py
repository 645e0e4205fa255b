"""Payment periods are finalised, in order (RULES 8). Takes a session, never commits."""

import datetime as dt
import uuid
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING
from libs.common.care.weeks import (
    next_period,
    period_end_of,
)
from libs.common.errors import Refused
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.periods import FinalisedPeriod
from services.payments import locks
from services.payments.callers import resolve_contract
from services.payments.debts.steps import Frozen, make_debts
from services.payments.events.public import say
from services.payments.finalising import store as finalising_store
from services.payments.finalising.events import (
    PERIOD_FINALISED,
    REMITTANCE_ISSUED,
    Remitted,
    finalised_data,
    remittance_data,
)
from services.payments.holds import week_store
from services.payments.holds.settling import want_settled
from services.payments.packages import store as packages_store
from services.payments.periods import store as periods_store
from services.payments.periods.rules import (
    Periods,
    contracts_by_state,
    is_finalised,
    refuse_off_grid,
    state_of,
)


def finalise_period(
    session: Session, caller: Caller, *, start: dt.date, contract: str | None
) -> FinalisedPeriod:
    """`finalise`, by the council alone. Raises Refused ``not_allowed`` and as `finalise` does."""
    require_council(caller)
    return finalise(session, start, contract, who=caller["who"])


def finalise(session: Session, start: dt.date, contract: str | None, *, who: str) -> FinalisedPeriod:
    """Freeze a period for good, for one contract or (None) for all; earlier empty ones are finalised along.

    Raises Refused: ``not_a_period``, ``unknown_contract``, ``already_finalised``, ``earlier_period_open``.
    """
    locks.lock_periods(session, exclusive=True)
    contract = resolve_contract(session, contract)
    periods = periods_store.read_periods(session)
    refuse_wrong_period(session, periods, start, contract)
    contracts = packages_store.list_contracts(session)
    _, frozen_contracts = contracts_by_state(periods, start, [contract] if contract else contracts)
    finalising_store.insert_finalisation(session, start, contract, who)
    if contract is not None:
        finalise_all_when_each_is(session, who)
    after = periods_store.read_periods(session)
    make_debts(session, frozen_totals(session, periods, after), after)
    keep_sums(session, periods, after)
    totals = finalising_store.totals_by_organisation(session, start, contract)
    frozen = newly_frozen(session, periods, after)
    say_finalised(session, start, contract, totals, frozen)
    have_carried_settled(session, periods, periods_store.read_periods(session), start)
    return {
        "start": start.isoformat(),
        "end": period_end_of(start).isoformat(),
        "contract": contract,
        "state": state_of(after, start, contracts),
        "frozen_contracts": frozen_contracts,
        "items": sum(total["items"] for total in totals),
        "payable": str(sum((total["payable"] for total in totals), start=NOTHING)),
        "non_payable": str(sum((total["non_payable"] for total in totals), start=NOTHING)),
    }


def have_carried_settled(session: Session, before: Periods, after: Periods, start: dt.date) -> None:
    """Weeks carried to the period that is the earliest open one now are held no longer: charges and deductions follow."""
    reached = {
        (row["client_id"], row["monday"])
        for row in week_store.carried_weeks(session, next_period(start))
        if before.for_week(row["monday"], row["contract"])
        < row["pays_from"]
        <= after.for_week(row["monday"], row["contract"])
    }
    want_settled(session, sorted(reached), cause_id=str(uuid.uuid4()))


def keep_sums(session: Session, before: Periods, after: Periods) -> None:
    """Of what is finalised for all now, and was not before."""
    through = after.through(None)
    if through is not None and through != before.through(None):
        finalising_store.keep_sums(session, before.through(None), through)


def refuse_wrong_period(session: Session, periods: Periods, start: dt.date, contract: str | None) -> None:
    """The period must be on the grid, open, and the earliest open one that holds anything."""
    refuse_off_grid(start)
    if is_finalised(periods, start, contract):
        raise Refused("already_finalised", f"The period from {start} is finalised already.")
    earlier = periods_store.earliest_open_with_items(session, periods, contract)
    if earlier is not None and earlier < start:
        raise Refused(
            "earlier_period_open", f"Finalise the period from {earlier} first: it holds payment items."
        )


def finalise_all_when_each_is(session: Session, who: str) -> None:
    """What is finalised for every contract is finalised for all, client charges too.

    A contract may be ahead of the others, so this goes as far as the one furthest behind.
    """
    periods = periods_store.read_periods(session)
    through = [periods.through(contract) for contract in packages_store.list_contracts(session)]
    reached = [start for start in through if start is not None]
    if reached and len(reached) == len(through) and not is_finalised(periods, min(reached), None):
        finalising_store.insert_finalisation(session, min(reached), None, who)


def newly_frozen(session: Session, before: Periods, after: Periods) -> list[Remitted]:
    """What no remittance has had yet: what is finalised now and was not before, for each organisation and period.

    Each item is in one remittance: of a period finalised for all after some contracts were on their own, the rest.
    """
    frozen: dict[tuple[str, dt.date], Remitted] = {}
    for row in frozen_sums(session, before, after):
        known = frozen.setdefault(
            (row.organisation_id, row.start), Remitted(row.organisation_id, row.name, row.start)
        )
        known.add(row.items, row.cost, row.deductions)
    return list(frozen.values())


def frozen_totals(session: Session, before: Periods, after: Periods) -> list[Frozen]:
    """What each organisation is paid under each contract in what is finalised now and was not before."""
    return [
        Frozen(row.organisation_id, row.contract, row.start, row.cost + row.deductions)
        for row in frozen_sums(session, before, after)
    ]


def frozen_sums(session: Session, before: Periods, after: Periods) -> list[Any]:
    """The sums of each organisation, period and contract that are finalised now and were not before."""
    return [
        row
        for row in finalising_store.sums_after(session, before.through(None))
        if is_finalised(after, row.start, row.contract) and not is_finalised(before, row.start, row.contract)
    ]


def say_finalised(
    session: Session,
    start: dt.date,
    contract: str | None,
    totals: list[dict[str, Any]],
    frozen: list[Remitted],
) -> None:
    """``payment.period.finalised``, then ``remittance.issued``, for each organisation with items in it."""
    events = []
    for total in totals:
        data = finalised_data(total, start, contract)
        events.append((total["organisation_id"], PERIOD_FINALISED, str(uuid.uuid4()), data))
    for remitted in frozen:
        data = remittance_data(remitted, contract)
        events.append((remitted.organisation_id, REMITTANCE_ISSUED, data["remittance_id"], data))
    say(session, events, cause_id=str(uuid.uuid4()))
