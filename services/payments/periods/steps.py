"""Payment periods: listed, finalised in order, and their items (RULES 8). Takes a session, never commits."""

import datetime as dt
import uuid
from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.weeks import (
    DEFAULT_GRID_MONDAY,
    financial_year_of,
    next_period,
    period_end_of,
    period_start_of,
)
from libs.common.errors import Refused
from services.payments.debts.steps import Frozen, make_debts
from services.payments.events.public import (
    PERIOD_FINALISED,
    REMITTANCE_ISSUED,
    Remitted,
    finalised_data,
    remittance_data,
    say,
)
from services.payments.holds import week_store
from services.payments.periods import store as periods_store
from services.payments.posting.settling import want_settled
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import Periods


def list_periods(
    session: Session, contract: str | None = None, organisation_id: str | None = None
) -> list[dict[str, Any]]:
    """Every period that holds something (of a contract, of an organisation, or of all) or is finalised, oldest first."""
    periods = pricing_store.periods(session)
    totals = periods_store.totals_by_period(session, contract, organisation_id, periods.through(None))
    contracts = [contract] if contract else periods_store.contracts(session)
    starts = sorted({*totals, *periods.finalised_through.values()})
    return [
        {
            "start": start.isoformat(),
            "end": period_end_of(start).isoformat(),
            "financial_year": financial_year_of(start),
            "state": state_of(periods, start, contracts),
            **totals.get(start, periods_store.EMPTY_TOTALS),
        }
        for start in starts
    ]


def state_of(periods: Periods, start: dt.date, contracts: Iterable[str]) -> str:
    """``current``, ``finalised``, or ``partially finalised`` while some contracts are open."""
    if is_finalised(periods, start, None):
        return "finalised"
    closed = [is_finalised(periods, start, contract) for contract in contracts]
    if closed and all(closed):
        return "finalised"
    return "partially finalised" if any(closed) else "current"


def is_finalised(periods: Periods, start: dt.date, contract: str | None) -> bool:
    """Whether a period is finalised for a contract (None: for all)."""
    through = periods.through(contract)
    return through is not None and start <= through


def finalise(session: Session, start: dt.date, contract: str | None, *, who: str) -> dict[str, Any]:
    """Freeze a period for good, for one contract or (None) for all; earlier empty ones are finalised along.

    Raises Refused: ``not_a_period``, ``unknown_contract``, ``already_finalised``, ``earlier_period_open``.
    """
    pricing_store.lock_periods(session, exclusive=True)
    contract = known_contract(session, contract)
    periods = pricing_store.periods(session)
    refuse_wrong_period(session, periods, start, contract)
    periods_store.finalise(session, start, contract, who)
    if contract is not None:
        finalise_all_when_each_is(session, who)
    after = pricing_store.periods(session)
    make_debts(session, frozen_totals(session, periods, after), after)
    keep_sums(session, periods, after)
    totals = periods_store.totals_by_organisation(session, start, contract)
    frozen = newly_frozen(session, periods, after)
    say_finalised(session, start, contract, totals, frozen)
    have_carried_settled(session, periods, pricing_store.periods(session), start)
    return {
        "start": start.isoformat(),
        "end": period_end_of(start).isoformat(),
        "contract": contract,
        "state": state_of(after, start, periods_store.contracts(session)),
        "items": sum(total["items"] for total in totals),
        **{
            name: str(sum((total[name] for total in totals), start=periods_store.NOTHING))
            for name in ("payable", "non_payable")
        },
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
        periods_store.keep_sums(session, before.through(None), through)


def known_contract(session: Session, contract: str | None) -> str | None:
    """The contract as it is written in care; raises Refused ``unknown_contract``."""
    if contract is None:
        return None
    known = {name.casefold(): name for name in periods_store.contracts(session)}
    if contract.casefold() not in known:
        names = ", ".join(sorted(known.values())) or "none yet"
        raise Refused("unknown_contract", f"There is no contract “{contract}”; the contracts are: {names}.")
    return known[contract.casefold()]


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
    periods = pricing_store.periods(session)
    through = [periods.through(contract) for contract in periods_store.contracts(session)]
    reached = [start for start in through if start is not None]
    if reached and len(reached) == len(through) and not is_finalised(periods, min(reached), None):
        periods_store.finalise(session, min(reached), None, who)


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
        for row in periods_store.sums_after(session, before.through(None))
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


def refuse_off_grid(start: dt.date) -> None:
    """Raises Refused ``not_a_period`` for a day on which no period starts."""
    nearest = period_start_of(start, DEFAULT_GRID_MONDAY)
    if nearest != start:
        raise Refused(
            "not_a_period", f"No payment period starts on {start}; the one that holds it starts on {nearest}."
        )
