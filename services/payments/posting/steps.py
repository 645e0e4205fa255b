"""Weeks are taken as matching says them, priced, and posted. Takes a session, never commits."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.operations.apart import clear_apart
from libs.common.seams.events import WeekMatched
from services.payments import locks
from services.payments.packages import store as packages_store
from services.payments.packages.rules import StoredPackage, VisitType
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.rules import DatedRules
from services.payments.posting.settle import settle
from services.payments.pricing import rules as pricing_rules
from services.payments.pricing import store as pricing_store
from services.payments.pricing.rules import Delivered, Price
from services.payments.pricing.set_apart import clear_priced, note_unpriced, price_or_reason


def take_weeks(session: Session, message: Message) -> None:
    """``weeks_matched``: keep the newest state of each week, price it and post what it changes.

    A week whose terms have not arrived yet is kept; ``take_care`` prices it when they do.
    """
    said: list[WeekMatched] = message.body["weeks"]
    cpli_ids = {week["cpli_id"] for week in said}
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, cpli_ids, exclusive=False)
    known = packages_store.packages(session, cpli_ids)
    locks.lock_clients(session, {package.client_id for package in known.values()})
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    unpriced: dict[pricing_rules.CpliWeek, str] = {}
    newer = pricing_store.keep_newest_weeks(
        session, columns_of_weeks(said, known, types, pay_rules, unpriced)
    )
    note_unpriced(session, {week: unpriced[week] for week in newer & unpriced.keys()}, message)
    clear_priced(session, {week for week in newer - unpriced.keys() if week[0] in known})
    client_weeks = {(known[cpli_id].client_id, monday) for cpli_id, monday in newer if cpli_id in known}
    settle(session, client_weeks, changed=message.body["reason"], cause_id=message.cause_id)


def columns_of_weeks(
    said: Iterable[WeekMatched],
    known: Mapping[int, StoredPackage],
    types: Mapping[str, VisitType],
    pay_rules: Mapping[str, Sequence[DatedRules]],
    unpriced: dict[pricing_rules.CpliWeek, str],
) -> dict[str, list[Any]]:
    """The weeks of a message as columns of the table, priced where their terms have arrived.

    Sorted, so that two messages lock the same rows in the same order. What can't be priced goes into ``unpriced``,
    with why.
    """
    rows = []
    for week in sorted(said, key=lambda week: (week["cpli_id"], week["monday"])):
        package = known.get(week["cpli_id"])
        has_terms = package is not None and package.version >= week["terms_version"]
        price = Price()
        if package is not None and has_terms:
            rules = pay_rules.get(package.contract, ())
            delivered = Delivered(week["visits"], week.get("lines"))
            price, reason = price_or_reason(delivered, package, types, rules)
            if reason is not None:
                has_terms = False
                unpriced[week["cpli_id"], dt.date.fromisoformat(week["monday"])] = reason
        facts = (
            week["cpli_id"],
            week["monday"],
            week["version"],
            week["terms_version"],
            week["organisation_id"],
        )
        lines = json.dumps(week["lines"]) if "lines" in week else None
        rows.append((*facts, json.dumps(week["visits"]), lines, has_terms, *amounts(price)))
    names = [*pricing_store.WEEK_COLUMNS, *pricing_store.PRICE_COLUMNS]
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))


def amounts(price: Price) -> tuple[Any, ...]:
    """A price in the order of its columns."""
    return (
        price.delivered_seconds,
        price.frustrated_seconds,
        price.actual,
        price.frustrated,
        price.charged,
        pricing_store.parts_text(price),
        pricing_store.steps_text(price),
    )


def price_weeks(session: Session, message: Message) -> None:
    """``pricing_wanted``: price these CPLIs' weeks again and post what that changes."""
    cpli_ids = message.body["cpli_ids"]
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, cpli_ids, exclusive=False)
    packages = packages_store.packages(session, cpli_ids)
    locks.lock_clients(session, {package.client_id for package in packages.values()})
    priced = price_again(session, packages, message, since=dt.date.fromisoformat(message.body["since"]))
    client_weeks = {(packages[cpli_id].client_id, monday) for cpli_id, monday in priced}
    settle(session, client_weeks, changed="care", cause_id=message.cause_id)
    clear_apart(session, "package", dict.fromkeys(map(str, packages), 0))


def price_again(
    session: Session,
    packages: Mapping[int, StoredPackage],
    message: Message,
    since: dt.date | None = None,
) -> set[pricing_rules.CpliWeek]:
    """Price every week of these packages (``since`` a Monday) under the terms that have arrived; answers which.

    One that can't be priced is set apart and keeps the price that it had.
    """
    weeks = pricing_store.weeks_of_cplis(session, packages)
    delivered_in = pricing_store.weeks_to_price(
        session, {week for week in weeks if since is None or week[1] >= since}
    )
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    prices, unpriced = {}, {}
    for week, delivered in delivered_in.items():
        package = packages[week[0]]
        rules = pay_rules.get(package.contract, ())
        price, reason = price_or_reason(delivered, package, types, rules)
        if reason is None:
            prices[week] = price
        else:
            unpriced[week] = reason
    if prices:
        pricing_store.save_prices(session, prices)
    note_unpriced(session, unpriced, message)
    clear_priced(session, prices)
    return set(prices)


def settle_client_weeks(session: Session, message: Message) -> None:
    """``settle_wanted``: post what these clients' weeks owe; something else than their visits or care has changed.

    The clients' locks are enough: no CPLI comes to or leaves a client without them.
    """
    said = message.body["client_weeks"]
    client_weeks = {(client_id, dt.date.fromisoformat(monday)) for client_id, monday in said}
    locks.lock_periods(session, exclusive=False)
    locks.lock_clients(session, {client_id for client_id, _ in client_weeks})
    settle(session, client_weeks, changed=message.body["reason"], cause_id=message.cause_id)
