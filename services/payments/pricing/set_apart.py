"""What of payments is set apart, and how its messages are taken in parts (`libs/common/operations/apart.py`). Never commits.

A week that can't be priced is kept with the price it had, so that whatever prices it again clears it. Anything else
that fails alone is kept as the message that said it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.operations.apart import Part, has_apart, note_apart, result_or_reason
from libs.common.seams.events import WeekMatched
from libs.common.sql.columns import array_text
from services.payments import locks
from services.payments.packages.rules import Package, VisitType
from services.payments.pay_rules.rules import DatedRules
from services.payments.pricing import store
from services.payments.pricing.rules import CpliWeek, Delivered, Price, price_delivered

Body = Mapping[str, Any]


def price_or_reason(
    delivered: Delivered,
    package: Package,
    types: Mapping[str, VisitType],
    pay_rules: Sequence[DatedRules],
) -> tuple[Price, str | None]:
    """What a week costs, or why it can't be worked out: no week's data stops another's payment."""
    price, reason = result_or_reason(lambda: price_delivered(delivered, package, types, pay_rules))
    return price or Price(), reason


def note_unpriced(session: Session, reasons: Mapping[CpliWeek, str], message: Message) -> None:
    """Set these stored weeks apart; pricing them again is what retries them."""
    if not reasons:
        return
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, version, organisation_id::text FROM weeks WHERE (cpli_id, monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
        ),
        store.pairs_of("cplis", reasons),
    )
    for cpli_id, monday, version, organisation_id in rows.all():
        body = {"cpli_ids": [cpli_id], "since": monday.isoformat()}
        part = Part("week", key_of(cpli_id, monday), "pricing_wanted", body, version, organisation_id)
        note_apart(session, part, reasons[cpli_id, monday], message.cause_id)


def clear_priced(session: Session, weeks: Collection[CpliWeek]) -> None:
    """These weeks are priced as they are stored: they are set apart no longer."""
    if not weeks or not has_apart(session):
        return
    session.execute(
        text(
            "DELETE FROM set_apart kept USING weeks w WHERE (w.cpli_id, w.monday) IN"
            " (SELECT * FROM unnest(CAST(:cplis AS bigint[]), CAST(:mondays AS date[])))"
            " AND kept.kind = 'week' AND kept.key = w.cpli_id || '/' || w.monday AND kept.version <= w.version"
        ),
        store.pairs_of("cplis", weeks),
    )


def key_of(cpli_id: int, monday: dt.date | str) -> str:
    """By what a week is known."""
    return f"{cpli_id}/{monday}"


def lock_weeks(session: Session, message: Message) -> None:
    """Every lock of a ``weeks_matched``."""
    cpli_ids = _possible({week["cpli_id"] for week in message.body["weeks"]})
    locks.lock_periods(session, exclusive=False)
    locks.lock_cplis(session, cpli_ids, exclusive=False)
    _lock_clients_of(session, cpli_ids)


def divide_weeks(session: Session, message: Message) -> list[Part]:
    """``weeks_matched`` week by week, those of a client's week side by side."""
    said: list[WeekMatched] = message.body["weeks"]
    weeks = sorted(said, key=lambda week: (week["client_id"], week["monday"], week["cpli_id"]))
    return [
        Part(
            "week",
            key_of(week["cpli_id"], week["monday"]),
            "weeks_matched",
            {"reason": message.body["reason"], "weeks": [week]},
            week["version"],
            week["organisation_id"],
        )
        for week in weeks
    ]


def join_weeks(parts: Sequence[Part]) -> Body:
    """The body of several weeks."""
    return {**parts[0].body, "weeks": [week for part in parts for week in part.body["weeks"]]}


def lock_care(session: Session, message: Message) -> None:
    """Every lock of a ``care_changed``."""
    packages = message.body.get("packages") or ()
    cpli_ids = _possible({row["cpli_id"] for row in packages})
    locks.lock_periods(session, exclusive=bool(message.body.get("visit_types")))
    locks.lock_cplis(session, cpli_ids, exclusive=True)
    _lock_clients_of(session, cpli_ids, also={row["client_id"] for row in packages})


def divide_care(session: Session, message: Message) -> list[Part]:
    """``care_changed`` package by package, after the lists."""
    body = message.body
    version = {"reference_version": body["reference_version"]}
    lists = {name: rows for name, rows in body.items() if name != "packages" and isinstance(rows, list)}
    parts = [Part("lists", "of care", "care_changed", version | lists, *version.values())] if lists else []
    for row in sorted(body.get("packages") or (), key=lambda row: (row["client_id"], row["cpli_id"])):
        one = version | {"packages": [row]}
        parts.append(
            Part("package", str(row["cpli_id"]), "care_changed", one, row["version"], row["organisation_id"])
        )
    return parts


def join_care(parts: Sequence[Part]) -> Body:
    """The body of several packages, and of the lists where they are among the parts."""
    packages = [row for part in parts for row in part.body.get("packages", ())]
    return {**parts[0].body, "packages": packages}


def lock_pricing(session: Session, message: Message) -> None:
    """Every lock of a ``pricing_wanted``."""
    locks.lock_periods(session, exclusive=False)
    cpli_ids = _possible(message.body["cpli_ids"])
    locks.lock_cplis(session, cpli_ids, exclusive=False)
    _lock_clients_of(session, cpli_ids)


def divide_pricing(session: Session, message: Message) -> list[Part]:
    """``pricing_wanted`` package by package."""
    return [
        Part("package", str(cpli_id), "pricing_wanted", {**message.body, "cpli_ids": [cpli_id]})
        for cpli_id in message.body["cpli_ids"]
    ]


def join_pricing(parts: Sequence[Part]) -> Body:
    """The body of several packages."""
    return {**parts[0].body, "cpli_ids": [cpli_id for part in parts for cpli_id in part.body["cpli_ids"]]}


def _possible(cpli_ids: Iterable[int]) -> set[int]:
    """The CpliIds that can be locked; one that no column holds is set apart with its part."""
    return {cpli_id for cpli_id in cpli_ids if isinstance(cpli_id, int) and abs(cpli_id) < 2**63}


def _lock_clients_of(session: Session, cpli_ids: Collection[int], also: Collection[str] = ()) -> None:
    """Their clients' locks, without reading more of the packages: one may be what is wrong."""
    known = session.scalars(
        text("SELECT DISTINCT client_id::text FROM packages WHERE cpli_id = ANY(CAST(:ids AS bigint[]))"),
        {"ids": array_text(cpli_ids)},
    )
    locks.lock_clients(session, {*known, *also})
