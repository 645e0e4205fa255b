"""The steps of payments: weeks and terms taken, weeks priced, money posted. Takes a session, never commits."""

import datetime as dt
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit_many
from libs.common.operations.apart import clear_apart
from services.payments.merging import store as merging_store
from services.payments.merging.steps import keep_merges, settle_merged
from services.payments.one_offs.steps import one_offs_to_post
from services.payments.packages import store as packages_store
from services.payments.packages.store import StoredPackage
from services.payments.pay_rules import store as pay_rules_store
from services.payments.posting.settle import settle
from services.payments.pricing import store as pricing_store
from services.payments.pricing.pay_rules import DatedRules
from services.payments.pricing.rules import Price, VisitType
from services.payments.pricing.set_apart import clear_priced, note_unpriced, price_or_reason
from services.payments.pricing.store import paid_visit

WEEKS_IN_A_MESSAGE = 200
WEEK_FACTS = ("cpli_id", "monday", "version", "terms_version", "organisation_id")


def take_weeks(session: Session, message: Message) -> None:
    """``weeks_matched``: keep the newest state of each week, price it and post what it changes.

    A week whose terms have not arrived yet is kept; ``take_care`` prices it when they do.
    """
    said = message.body["weeks"]
    cpli_ids = {week["cpli_id"] for week in said}
    pricing_store.lock_periods(session, exclusive=False)
    pricing_store.lock_cplis(session, cpli_ids, exclusive=False)
    known = packages_store.packages(session, cpli_ids)
    pricing_store.lock_clients(session, {package.client_id for package in known.values()})
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    unpriced: dict[pricing_store.CpliWeek, str] = {}
    newer = pricing_store.keep_newest_weeks(
        session, columns_of_weeks(said, known, types, pay_rules, unpriced)
    )
    note_unpriced(session, {week: unpriced[week] for week in newer & unpriced.keys()}, message)
    clear_priced(session, {week for week in newer - unpriced.keys() if week[0] in known})
    client_weeks = {(known[cpli_id].client_id, monday) for cpli_id, monday in newer if cpli_id in known}
    settle(session, client_weeks, changed=message.body["reason"], cause_id=message.cause_id)


def columns_of_weeks(
    said: Iterable[Mapping[str, Any]],
    known: Mapping[int, StoredPackage],
    types: Mapping[str, VisitType],
    pay_rules: Mapping[str, Sequence[DatedRules]],
    unpriced: dict[pricing_store.CpliWeek, str],
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
            price, reason = price_or_reason(map(paid_visit, week["visits"]), package.terms, types, rules)
            if reason is not None:
                has_terms = False
                unpriced[week["cpli_id"], dt.date.fromisoformat(week["monday"])] = reason
        rows.append(
            (*(week[name] for name in WEEK_FACTS), json.dumps(week["visits"]), has_terms, *amounts(price))
        )
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


def take_care(session: Session, message: Message) -> None:
    """``care_changed``: keep the newest lists, packages and merged clients; price and post again all that they touch."""
    body = message.body
    if body.get("organisations"):
        packages_store.save_organisations(session, body["organisations"])
    if body.get("visit_types"):
        take_visit_types(session, body["visit_types"], message)
    merged = keep_merges(session, body.get("merged_clients") or ())
    if body.get("packages"):
        take_packages(session, body["packages"], message)
    else:
        clear_apart(session, "lists", {"of care": body["reference_version"]})
    if merged:
        settle_merged(session, merged, message)


def take_visit_types(session: Session, rows: Sequence[Mapping[str, Any]], message: Message) -> None:
    """The table of RULES 6; weeks with visits of a type that is now paid or charged otherwise are priced again."""
    known = packages_store.visit_types(session)
    said = {row["ref"]: packages_store.visit_type_of(row) for row in rows}
    # Alone: a week that is being priced meanwhile would keep the table from before.
    pricing_store.lock_periods(session, exclusive=any(known.get(ref) != kind for ref, kind in said.items()))
    packages_store.save_visit_types(session, rows)
    changed = [
        ref for ref, kind in packages_store.visit_types(session).items() if known.get(ref, kind) != kind
    ]
    if changed:
        have_weeks_priced(session, pay_rules_store.weeks_with_types(session, changed), message)


def take_packages(session: Session, rows: Collection[Mapping[str, Any]], message: Message) -> None:
    """New or changed packages: the weeks of each and every week of its old and its new client."""
    cpli_ids = {row["cpli_id"] for row in rows}
    pricing_store.lock_periods(session, exclusive=False)
    pricing_store.lock_cplis(session, cpli_ids, exclusive=True)
    known = packages_store.packages(session, cpli_ids)
    newer = [row for row in rows if is_newer(row, known.get(row["cpli_id"]))]
    if not newer:
        return
    newer_ids = {row["cpli_id"] for row in newer}
    stays = merging_store.who_stays(session, {row["client_id"] for row in newer})
    newer = [{**row, "client_id": stays.get(row["client_id"], row["client_id"])} for row in newer]
    clients = {row["client_id"] for row in newer}
    clients |= {known[cpli_id].client_id for cpli_id in newer_ids & known.keys()}
    pricing_store.lock_clients(session, clients)
    before = pricing_store.mondays_of_clients(session, clients)
    packages_store.save_packages(session, newer)
    packages = packages_store.packages(session, newer_ids)
    client_weeks = before | pricing_store.mondays_of_clients(session, clients)
    price_again(session, packages, message)
    moved = [i for i in newer_ids & known.keys() if known[i].start_on != packages[i].start_on]
    one_offs = one_offs_to_post(
        session,
        packages | packages_store.one_offs_of_clients(session, clients),
        changed="care",
        cause_id=message.cause_id,
        moved_cplis=moved,
    )
    settle(session, client_weeks, changed="care", cause_id=message.cause_id, one_offs=one_offs)
    clear_apart(session, "package", {str(row["cpli_id"]): row["version"] for row in newer})


def is_newer(row: Mapping[str, Any], known: StoredPackage | None) -> bool:
    """Whether a package says more than what is known; one whose unit was never said is taken once more."""
    if known is None or row["version"] > known.version:
        return True
    return row["version"] == known.version and not known.unit and bool(row.get("unit"))


def have_weeks_priced(
    session: Session, counts: Iterable[tuple[int, int]], message: Message, since: dt.date = dt.date.min
) -> None:
    """Have the weeks since a Monday of these CPLIs priced again; ``counts`` says how many each has."""
    bodies = ({"cpli_ids": batch, "since": since.isoformat()} for batch in batches(counts))
    emit_many(session, "pricing_wanted", bodies, cause_id=message.cause_id)


def batches(counts: Iterable[tuple[int, int]]) -> Iterator[list[int]]:
    """CPLIs with some two hundred weeks together; one that has more is alone."""
    batch: list[int] = []
    weeks = 0
    for cpli_id, count in counts:
        if batch and weeks + count > WEEKS_IN_A_MESSAGE:
            yield batch
            batch, weeks = [], 0
        batch.append(cpli_id)
        weeks += count
    if batch:
        yield batch


def price_weeks(session: Session, message: Message) -> None:
    """``pricing_wanted``: price these CPLIs' weeks again and post what that changes."""
    cpli_ids = message.body["cpli_ids"]
    pricing_store.lock_periods(session, exclusive=False)
    pricing_store.lock_cplis(session, cpli_ids, exclusive=False)
    packages = packages_store.packages(session, cpli_ids)
    pricing_store.lock_clients(session, {package.client_id for package in packages.values()})
    priced = price_again(session, packages, message, since=dt.date.fromisoformat(message.body["since"]))
    client_weeks = {(packages[cpli_id].client_id, monday) for cpli_id, monday in priced}
    settle(session, client_weeks, changed="care", cause_id=message.cause_id)
    clear_apart(session, "package", dict.fromkeys(map(str, packages), 0))


def price_again(
    session: Session,
    packages: Mapping[int, StoredPackage],
    message: Message,
    since: dt.date | None = None,
) -> set[pricing_store.CpliWeek]:
    """Price every week of these packages (``since`` a Monday) under the terms that have arrived; answers which.

    One that can't be priced is set apart and keeps the price that it had.
    """
    weeks = pricing_store.weeks_of_cplis(session, packages)
    visits_of = pricing_store.weeks_to_price(
        session, {week for week in weeks if since is None or week[1] >= since}
    )
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    prices, unpriced = {}, {}
    for week, visits in visits_of.items():
        package = packages[week[0]]
        rules = pay_rules.get(package.contract, ())
        price, reason = price_or_reason(map(paid_visit, visits), package.terms, types, rules)
        if reason is None:
            prices[week] = price
        else:
            unpriced[week] = reason
    if prices:
        pricing_store.save_prices(session, prices)
    note_unpriced(session, unpriced, message)
    clear_priced(session, prices)
    return set(prices)
