"""Queries of payments on what proposals would change: weeks as they are priced, and the parts of effects."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from services.payments.pricing.rules import Delivered


@dataclass(frozen=True, slots=True)
class WeekAsPriced:
    """A CPLI's week with what was delivered, and what it is payable at now, in pounds."""

    cpli_id: int
    monday: dt.date
    delivered: Delivered
    payable: Decimal


def weeks_as_priced(session: Session, cpli_ids: Sequence[int], since: dt.date) -> list[WeekAsPriced]:
    """The priced weeks of these CPLIs from a Monday on."""
    rows = session.execute(
        text(
            "SELECT cpli_id, monday, visits, lines, actual + frustrated AS payable FROM weeks"
            " WHERE priced AND cpli_id = ANY(CAST(:ids AS bigint[])) AND monday >= :since"
        ),
        {"ids": list(cpli_ids), "since": since},
    )
    return [WeekAsPriced(row[0], row[1], Delivered(row[2], row[3]), row[4]) for row in rows]


def payable_in(session: Session, organisation_id: str, contract: str, start: str) -> Decimal:
    """What is payable to an organisation under a contract in a period."""
    found: Decimal = session.scalar(
        text(
            "SELECT coalesce(sum(amount), 0)::numeric(20, 2) FROM item_lines WHERE status = 'payable'"
            " AND organisation_id = CAST(:organisation AS uuid) AND lower(contract) = lower(:contract)"
            " AND period_start = CAST(:start AS date)"
        ),
        {"organisation": organisation_id, "contract": contract, "start": start},
    )
    return found


def insert_effect(session: Session, proposal_id: str, parts: int) -> None:
    """Note of how many parts an effect is."""
    session.execute(
        text("INSERT INTO effects (proposal_id, parts) VALUES (:proposal, :parts) ON CONFLICT DO NOTHING"),
        {"proposal": proposal_id, "parts": parts},
    )


def insert_part(session: Session, proposal_id: str, part: int, sums: Mapping[str, Any]) -> None:
    """Keep a part's sums; the first that were worked out stay."""
    session.execute(
        text(
            "INSERT INTO effect_parts (proposal_id, part, sums) VALUES (:proposal, :part, CAST(:sums AS jsonb))"
            " ON CONFLICT DO NOTHING"
        ),
        {"proposal": proposal_id, "part": part, "sums": json.dumps(dict(sums))},
    )


def parts_of(session: Session, proposal_id: str) -> list[dict[str, list[str]]] | None:
    """The sums of each part of an effect; None until all are there."""
    wanted = session.scalar(
        text("SELECT parts FROM effects WHERE proposal_id = CAST(:proposal AS uuid)"),
        {"proposal": proposal_id},
    )
    found = list(
        session.scalars(
            text("SELECT sums FROM effect_parts WHERE proposal_id = CAST(:proposal AS uuid) ORDER BY part"),
            {"proposal": proposal_id},
        )
    )
    return found if wanted == len(found) else None
