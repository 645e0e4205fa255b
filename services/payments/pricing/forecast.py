"""The forecast's last step (RULES 4): what the weeks that a checked file touches would pay more or less."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.files.listed import read_listed
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.seams.events import VisitOfWeek, WeekForecast, read_visits
from services.payments.packages import store as packages_store
from services.payments.packages.rules import Package, StoredPackage, VisitType
from services.payments.pay_rules import store as pay_rules_store
from services.payments.pay_rules.rules import DatedRules
from services.payments.pricing.rules import Delivered
from services.payments.pricing.set_apart import price_or_reason

CLIENTS_SAID = 50
WEEKS_AT_ONCE = 1_000
Pay = tuple[Decimal, Decimal]
"""Pounds as it is, and as it would be."""


def forecast_payable(session: Session, message: Message) -> None:
    """``weeks_forecast``: price each week as it is and as it would be; say the difference in pounds, and by client.

    ``moved`` is what is payable now for the visits that go to another week or client (RULES 3).
    """
    types = packages_store.visit_types(session)
    pay_rules = pay_rules_store.rules_by_contract(session)
    clients: dict[str, Pay] = defaultdict(lambda: (NOTHING, NOTHING))
    moved = NOTHING
    for week, package in with_packages(session, read_listed(message.body["object_key"])):
        payable_for = partial(payable_of, package, types, pay_rules.get(package.contract, ()))
        before, after = payable_for(week["before"]), payable_for(week["after"])
        if before is None or after is None:
            continue  # it will be set apart, and pay what it paid
        known = clients[package.client_reference]
        clients[package.client_reference] = known[0] + before, known[1] + after
        if refs := frozenset(week.get("moved", ())):
            visits = read_visits(week["before"])
            staying = payable_for([visit for visit in visits if visit.visit_ref not in refs])
            moved += before - (staying or NOTHING)
    payable = sum((after - before for before, after in clients.values()), NOTHING)
    body = {name: message.body[name] for name in ("file_id", "check_version", "will_match")}
    emit(
        session,
        "file_forecast",
        body | {"payable": pounds_text(payable), "moved": pounds_text(moved)} | by_client(clients),
        cause_id=message.cause_id,
    )


def with_packages(
    session: Session, weeks: Iterable[WeekForecast]
) -> Iterator[tuple[WeekForecast, StoredPackage]]:
    """Each week with its package, where that is known; some weeks at a time are in memory."""
    left = iter(weeks)
    while some := list(islice(left, WEEKS_AT_ONCE)):
        packages = packages_store.packages(session, {week["cpli_id"] for week in some})
        yield from ((week, packages[week["cpli_id"]]) for week in some if week["cpli_id"] in packages)


def payable_of(
    package: Package,
    types: Mapping[str, VisitType],
    rules: Sequence[DatedRules],
    visits: Sequence[VisitOfWeek],
) -> Decimal | None:
    """Pounds for a CPLI-week's visits; None where they can't be worked out."""
    price, reason = price_or_reason(Delivered(visits), package, types, rules)
    return None if reason else price.payable


def by_client(clients: Mapping[str, Pay]) -> dict[str, Any]:
    """[client reference, pounds before, pounds after] of the largest changes, and how many more clients change."""
    changes = [(name, before, after) for name, (before, after) in clients.items() if before != after]
    changes.sort(key=lambda change: (-abs(change[2] - change[1]), change[0]))
    largest = [
        [name, pounds_text(before), pounds_text(after)] for name, before, after in changes[:CLIENTS_SAID]
    ]
    return {"clients": largest, "more_clients": len(changes) - len(largest)}
