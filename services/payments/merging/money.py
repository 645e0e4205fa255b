"""What merging two clients would move in money, before it is done (RULES 2). Changes nothing."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.rpc import Caller
from libs.common.rpc.callers import require_council
from libs.common.seams.payments.merging import (
    ChargeOfMergedWeek,
    MoneyOfMerge,
    MoneyOfOrganisation,
    NowAndThen,
)
from services.payments.charges.rules import Targets, charge_targets
from services.payments.holds.held_weeks import HeldWeeks
from services.payments.invoiced.weeks import InvoicedWeeks
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage
from services.payments.pay_rules import store as pay_rules_store
from services.payments.periods import store as periods_store
from services.payments.posting import store as posting_store
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import CpliWeek, Delivered, PricedWeek, price_delivered

Amounts = Mapping[Any, Decimal]


def work_out_money_of_merge(
    session: Session,
    caller: Caller,
    *,
    client_id: uuid.UUID,
    into_client_id: uuid.UUID,
    weeks: Sequence[Mapping[str, Any]],
) -> MoneyOfMerge:
    """What is charged and paid for two clients now, and would be as one's; pounds as text.

    ``weeks`` are the CPLI-weeks whose visits would be others, as matching says them. Answers {"charges",
    "organisations", "weeks"}. Raises Refused ``not_allowed``.
    """
    require_council(caller)
    into = str(into_client_id)
    packages = packages_store.packages_of_clients(session, {str(client_id), into})
    client_weeks = pricing_store.mondays_of_clients(session, {str(client_id), into})
    now = pricing_store.priced_weeks(session, client_weeks)
    as_one = {cpli_id: replace(package, client_id=into) for cpli_id, package in packages.items()}
    then = {week: replace(priced, client_id=into) for week, priced in now.items()}
    then |= weeks_then(session, weeks, as_one)
    invoiced = InvoicedWeeks.of(session, packages, {monday for _, monday in client_weeks})
    then |= {
        week: replace(priced, client_id=into)
        for week, priced in invoiced.charged_weeks(packages, None).items()
    }
    periods = periods_store.read_periods(session)
    targets = charge_targets(then, as_one, HeldWeeks.of(session, then).of_charges(packages, periods))

    charged_now: dict[dt.date, Decimal] = defaultdict(Decimal)
    for (_, monday), posted in posting_store.posted_charges(session, client_weeks).items():
        charged_now[monday] += posted.amount
    charged_then = {monday: charge for (_, monday), (charge, _, _) in targets.items()}
    changed: list[ChargeOfMergedWeek] = [
        {
            **_line_document(charged_now.get(day, NOTHING), charged_then.get(day, NOTHING)),
            "monday": day.isoformat(),
            "period_start": periods.for_week(day, None).isoformat(),
        }
        for day in sorted({*charged_now, *charged_then})
        if charged_now.get(day, NOTHING) != charged_then.get(day, NOTHING)
    ]
    return {
        "charges": _line_document(total(charged_now), total(charged_then)),
        "organisations": by_organisation(session, then, targets, packages, invoiced),
        "weeks": changed,
    }


def weeks_then(
    session: Session, weeks: Sequence[Mapping[str, Any]], packages: Mapping[int, StoredPackage]
) -> dict[CpliWeek, PricedWeek]:
    """The weeks that would hold other visits, priced with them."""
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    found = {}
    for week in weeks:
        package = packages.get(week["cpli_id"])
        if package is not None:
            rules = pay_rules.get(package.contract, ())
            delivered = Delivered(week["visits"], week.get("lines"))
            price = price_delivered(delivered, package, types, rules)
            monday = week["monday"]
            found[package.cpli_id, monday] = PricedWeek(package.cpli_id, monday, 0, package.client_id, price)
    return found


def by_organisation(
    session: Session,
    then: Mapping[CpliWeek, PricedWeek],
    targets: Targets,
    packages: Mapping[int, StoredPackage],
    invoiced: InvoicedWeeks,
) -> list[MoneyOfOrganisation]:
    """For each organisation whose money changes, what was posted and what would be: cost with deductions taken off.

    What was accepted by invoice stays as it is.
    """
    wanted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    posted: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for (cpli_id, monday), week in then.items():
        organisation_id = packages[cpli_id].organisation_id
        for (of, _), amount in invoiced.accepted("cost", (cpli_id, monday)).items():
            wanted[of, "cost"] += amount
        for (of, _), amount in invoiced.accepted("income", (cpli_id, monday)).items():
            wanted[of, "deductions"] += amount
        if not invoiced.needs_invoice(packages[cpli_id], monday):
            wanted[organisation_id, "cost"] += week.price.payable
            deductions = targets[week.client_id, monday][1]
            wanted[organisation_id, "deductions"] += deductions.get(cpli_id, NOTHING)
    for (series, _, _), of_holders in posting_store.posted_items(session, then).items():
        for (organisation_id, _), done in of_holders.items():
            if series in ("cost", "income"):
                posted[organisation_id, "cost" if series == "cost" else "deductions"] += done.amount
    names = dict(packages_store.list_organisations(session))
    changed = {of for of, kind in {*wanted, *posted} if wanted[of, kind] != posted[of, kind]}
    return [
        {
            "organisation": names.get(of, of),
            "cost": _line_document(posted[of, "cost"], wanted[of, "cost"]),
            "deductions": _line_document(posted[of, "deductions"], wanted[of, "deductions"]),
        }
        for of in sorted(changed, key=lambda one: names.get(one, one))
    ]


def total(amounts: Amounts) -> Decimal:
    """The sum of all."""
    return sum(amounts.values(), NOTHING)


def _line_document(now: Decimal, then: Decimal) -> NowAndThen:
    """An amount as it is and as it would be; pounds as text."""
    return {"now": pounds_text(now), "then": pounds_text(then), "difference": pounds_text(then - now)}
