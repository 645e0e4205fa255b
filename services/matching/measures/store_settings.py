"""Queries of matching on what the council said of measures, and who said it."""

import datetime as dt
from typing import NamedTuple

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from libs.common.care.names import fold


class ThresholdChange(NamedTuple):
    """A threshold as somebody set it."""

    change_id: int
    name: str
    effective_from: dt.date
    value: int
    set_by: str
    set_at: dt.datetime


def threshold_changes(session: Session) -> list[ThresholdChange]:
    """Every threshold that was set, the newest last."""
    rows = session.execute(
        text(
            "SELECT change_id, name, effective_from, value, set_by, set_at FROM measure_thresholds"
            " ORDER BY change_id"
        )
    )
    return [ThresholdChange(*row) for row in rows]


def newest_diaries(session: Session) -> list[Row[tuple[str, bool, str, dt.datetime]]]:
    """What was said last of each contract and CPLI: ``about``, ``is_one_diary``, ``set_by``, ``set_at``."""
    rows = session.execute(
        text(
            "SELECT DISTINCT ON (about) about, is_one_diary, set_by, set_at FROM one_diaries"
            " ORDER BY about, change_id DESC"
        )
    )
    return list(rows.all())  # type: ignore[arg-type]


def has_contract(session: Session, contract: str) -> bool:
    """Whether care names this contract, however it is written."""
    names = session.scalars(text("SELECT DISTINCT contract FROM services"))
    return fold(contract) in map(fold, names)


def has_cpli(session: Session, cpli_id: int) -> bool:
    """Whether care has this CPLI."""
    return session.scalar(text("SELECT 1 FROM cplis WHERE cpli_id = :id"), {"id": cpli_id}) is not None
