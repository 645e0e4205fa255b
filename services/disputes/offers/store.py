"""Queries of requisitions and offers; row-level security limits each to what the caller may see."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.disputes.offers.rules import (
    ACCEPTED,
    DECLINED,
    EXHAUSTED,
    LAPSED,
    OFFERED,
    TO_OFFER,
    WITHDRAWN,
)

Row = dict[str, Any]
CARE_WANTED: Final = "client_reference, service, service_level, zone, hours, timetable, start_on, note"
_VALUES: Final = ":client_reference, :service, :service_level, :zone, :hours, :timetable, :start_on, :note"
_REQUISITION: Final = (
    "r.requisition_id, r.number, r.list_id, r.list_name, r.ranking_id, r.quarter, r.made_by, r.made_at,"
    " r.client_reference, r.service, r.service_level, r.zone, r.hours, r.timetable, r.start_on, r.note,"
    " coalesce(e.reason, '') AS reason"
)
_NO_ANSWER: Final = "NOT EXISTS (SELECT 1 FROM offer_answers a WHERE a.offer_id = o.offer_id)"
_LEFT: Final = " - ".join(
    f"(SELECT count(*) FROM {table} p WHERE p.requisition_id = r.requisition_id)"
    for table in ("requisition_places", "offers", "requisition_skips")
)
"""How many providers were neither asked nor skipped."""
_STATE: Final = (
    f"CASE WHEN taken.organisation_id IS NOT NULL THEN '{ACCEPTED}'"
    f" WHEN e.requisition_id IS NOT NULL THEN '{WITHDRAWN}'"
    " WHEN EXISTS (SELECT 1 FROM offers o WHERE o.requisition_id = r.requisition_id AND o.lapses_at > :now"
    f" AND {_NO_ANSWER}) THEN '{OFFERED}'"
    f" WHEN {_LEFT} > 0 THEN '{TO_OFFER}' ELSE '{EXHAUSTED}' END"
)
_REQUISITIONS: Final = (
    f"SELECT {_REQUISITION}, {_STATE} AS state, taken.organisation_id AS accepted_by_id, taken.place AS accepted_place,"
    " taken.answered_at AS accepted_at, (SELECT p.organisation FROM requisition_places p"
    " WHERE p.requisition_id = r.requisition_id AND p.place = taken.place) AS accepted_name"
    " FROM requisitions r LEFT JOIN requisition_ends e USING (requisition_id) LEFT JOIN LATERAL"
    " (SELECT o.organisation_id, o.place, a.answered_at FROM offers o JOIN offer_answers a USING (offer_id)"
    f" WHERE o.requisition_id = r.requisition_id AND a.answer = '{ACCEPTED}') taken ON true"
)
"""Requisitions with what became of them; ``:now`` is the moment of the question."""
_OFFER: Final = (
    "o.offer_id, o.requisition_id, o.number, o.organisation_id, o.place, o.offered_by, o.offered_at, o.lapses_at,"
    " o.client_reference, o.service, o.service_level, o.zone, o.hours, o.timetable, o.start_on, o.note,"
    " a.answer, coalesce(a.reason, '') AS reason, a.answered_by, a.answered_at"
)
_OFFERS: Final = f"SELECT {_OFFER} FROM offers o LEFT JOIN offer_answers a USING (offer_id)"


def lock_requisition(session: Session, requisition_id: uuid.UUID) -> None:
    """What the council does with one requisition is done one after the other."""
    session.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended('requisition ' || :id, 0))"),
        {"id": str(requisition_id)},
    )


def insert_requisition(session: Session, row: Mapping[str, Any]) -> bool:
    """Add a requisition; False when it is there already."""
    added = session.execute(
        text(
            "INSERT INTO requisitions (requisition_id, list_id, list_name, ranking_id, quarter, made_by, made_at,"
            f" {CARE_WANTED}) VALUES (:requisition_id, :list_id, :list_name, :ranking_id, :quarter, :made_by, :made_at,"
            f" {_VALUES}) ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return added.first() is not None


def insert_places(
    session: Session, requisition_id: uuid.UUID, providers: Sequence[Mapping[str, Any]]
) -> None:
    """Keep whom it may be offered to, in order."""
    session.execute(
        text(
            "INSERT INTO requisition_places (requisition_id, place, organisation_id, organisation)"
            " VALUES (:requisition_id, :place, :organisation_id, :organisation)"
        ),
        [{"requisition_id": requisition_id, **one} for one in providers],
    )


def find_requisition(session: Session, requisition_id: uuid.UUID, now: dt.datetime) -> Row | None:
    """A requisition as it is now."""
    found = session.execute(
        text(f"{_REQUISITIONS} WHERE r.requisition_id = :id"), {"id": requisition_id, "now": now}
    )
    row = found.mappings().first()
    return None if row is None else dict(row)


def list_requisitions(
    session: Session,
    *,
    state: str | None,
    organisation_id: uuid.UUID | None,
    before: int | None,
    limit: int,
    now: dt.datetime,
) -> list[Row]:
    """A page of requisitions, the newest first; in a state, or accepted by a provider."""
    rows = session.execute(
        text(
            f"SELECT * FROM ({_REQUISITIONS} WHERE CAST(:before AS bigint) IS NULL OR r.number < :before) listed"
            " WHERE (CAST(:state AS text) IS NULL OR state = :state)"
            " AND (CAST(:organisation AS uuid) IS NULL OR accepted_by_id = CAST(:organisation AS uuid))"
            " ORDER BY number DESC LIMIT :limit"
        ),
        {"state": state, "organisation": organisation_id, "before": before, "limit": limit, "now": now},
    )
    return [dict(row) for row in rows.mappings()]


def places_of(session: Session, requisition_id: uuid.UUID) -> list[Row]:
    """The providers of a requisition, the first place first, with who was skipped, when and why."""
    rows = session.execute(
        text(
            "SELECT p.place, p.organisation_id, p.organisation, s.reason, s.skipped_by, s.skipped_at"
            " FROM requisition_places p LEFT JOIN requisition_skips s USING (requisition_id, place)"
            " WHERE requisition_id = :id ORDER BY p.place"
        ),
        {"id": requisition_id},
    )
    return [dict(row) for row in rows.mappings()]


def offers_of(session: Session, requisition_id: uuid.UUID) -> dict[int, Row]:
    """The offers of a requisition by the places of the providers, with what became of them."""
    rows = session.execute(text(f"{_OFFERS} WHERE o.requisition_id = :id"), {"id": requisition_id})
    return {row["place"]: dict(row) for row in rows.mappings()}


def insert_skip(session: Session, row: Mapping[str, Any]) -> None:
    """Leave a provider out, of a requisition that is locked."""
    session.execute(
        text(
            "INSERT INTO requisition_skips (requisition_id, place, reason, skipped_by, skipped_at)"
            " VALUES (:requisition_id, :place, :reason, :who, :now)"
        ),
        dict(row),
    )


def insert_end(session: Session, row: Mapping[str, Any]) -> None:
    """Withdraw a requisition that is locked."""
    session.execute(
        text(
            "INSERT INTO requisition_ends (requisition_id, reason, withdrawn_by, withdrawn_at)"
            " VALUES (:requisition_id, :reason, :who, :now)"
        ),
        dict(row),
    )


def insert_offer(session: Session, row: Mapping[str, Any]) -> None:
    """Offer a requisition that is locked."""
    session.execute(
        text(
            "INSERT INTO offers (offer_id, requisition_id, number, organisation_id, place, offered_by, offered_at,"
            f" lapses_at, {CARE_WANTED}) VALUES (:offer_id, :requisition_id, :number, :organisation_id, :place, :who,"
            f" :now, :lapses_at, {_VALUES})"
        ),
        dict(row),
    )


def find_offer(session: Session, offer_id: uuid.UUID) -> Row | None:
    """An offer with what became of it."""
    found = session.execute(text(f"{_OFFERS} WHERE o.offer_id = :id"), {"id": offer_id}).mappings().first()
    return None if found is None else dict(found)


def list_offers(
    session: Session,
    organisation_id: uuid.UUID,
    *,
    since: dt.datetime | None,
    until: dt.datetime | None,
    before: int | None,
    limit: int,
) -> list[Row]:
    """A page of a provider's offers that were made from one moment to before another, the newest requisition first."""
    rows = session.execute(
        text(
            f"{_OFFERS} WHERE o.organisation_id = :organisation"
            " AND (CAST(:since AS timestamptz) IS NULL OR o.offered_at >= :since)"
            " AND (CAST(:until AS timestamptz) IS NULL OR o.offered_at < :until)"
            " AND (CAST(:before AS bigint) IS NULL OR o.number < :before) ORDER BY o.number DESC LIMIT :limit"
        ),
        {
            "organisation": organisation_id,
            "since": since,
            "until": until,
            "before": before,
            "limit": limit,
        },
    )
    return [dict(row) for row in rows.mappings()]


def answer_offer(session: Session, row: Mapping[str, Any]) -> bool:
    """Keep what becomes of an offer; False when something else became of it before."""
    added = session.execute(
        text(
            "INSERT INTO offer_answers (offer_id, requisition_id, organisation_id, answer, reason, answered_by,"
            " answered_at) VALUES (:offer_id, :requisition_id, :organisation_id, :answer, :reason, :who, :now)"
            " ON CONFLICT DO NOTHING RETURNING true"
        ),
        dict(row),
    )
    return added.first() is not None


def lapse_offers(session: Session, now: dt.datetime, who: str, limit: int) -> int:
    """Note of offers that stand no longer that they have lapsed, the moment at which they did; how many."""
    done = session.execute(
        text(
            "INSERT INTO offer_answers (offer_id, requisition_id, organisation_id, answer, reason, answered_by,"
            " answered_at) SELECT offer_id, requisition_id, organisation_id, :lapsed, '', :who, lapses_at FROM offers o WHERE lapses_at <= :now"
            f" AND {_NO_ANSWER} ORDER BY lapses_at"
            " LIMIT :limit ON CONFLICT DO NOTHING RETURNING true"
        ),
        {"lapsed": LAPSED, "who": who, "now": now, "limit": limit},
    )
    return len(done.all())


def hours_set(session: Session) -> list[Row]:
    """All that was ever set of how long offers stand, the newest last."""
    rows = session.execute(
        text("SELECT effective_from, hours, set_by, set_at FROM offer_hours ORDER BY change_id")
    )
    return [dict(row) for row in rows.mappings()]


def add_hours(session: Session, effective_from: dt.date, hours: int, who: str) -> None:
    """Have offers made from a day on stand for so long."""
    session.execute(
        text("INSERT INTO offer_hours (effective_from, hours, set_by) VALUES (:since, :hours, :who)"),
        {"since": effective_from, "hours": hours, "who": who},
    )


def answers_of(
    session: Session, organisation_id: uuid.UUID | None, since: dt.datetime, until: dt.datetime
) -> list[tuple[str | None, dt.datetime, Decimal | None]]:
    """Of the offers made from one moment to before another: the answer, when it stood until, and the seconds it took.

    Seconds are those of providers' answers alone.
    """
    rows = session.execute(
        text(
            "SELECT a.answer, o.lapses_at, CASE WHEN a.answer = ANY(:by_provider)"
            " THEN extract(epoch FROM a.answered_at - o.offered_at) END"
            " FROM offers o LEFT JOIN offer_answers a USING (offer_id) WHERE o.offered_at >= :since"
            " AND o.offered_at < :until AND (CAST(:organisation AS uuid) IS NULL"
            " OR o.organisation_id = CAST(:organisation AS uuid))"
        ),
        {
            "by_provider": [ACCEPTED, DECLINED],
            "since": since,
            "until": until,
            "organisation": organisation_id,
        },
    )
    return [(answer, lapses_at, seconds) for answer, lapses_at, seconds in rows]


def count_open_offers(session: Session, now: dt.datetime, limit: int) -> int:
    """How many offers wait for an answer that the caller may see, counted no further than ``limit``."""
    found = session.scalar(
        text(
            "SELECT count(*) FROM (SELECT 1 FROM offers o WHERE lapses_at > :now"
            f" AND {_NO_ANSWER} LIMIT :limit) waiting"
        ),
        {"now": now, "limit": limit},
    )
    return int(found or 0)


def count_to_offer(session: Session, now: dt.datetime, limit: int) -> int:
    """How many requisitions wait for the council to offer them to the next provider, or counted to ``limit``."""
    found = session.scalar(
        text(
            f"SELECT count(*) FROM (SELECT 1 FROM ({_REQUISITIONS}) r WHERE state = :state LIMIT :limit) waiting"
        ),
        {"now": now, "state": TO_OFFER, "limit": limit},
    )
    return int(found or 0)
