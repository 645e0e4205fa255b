"""What the portal itself holds about a person: who looked, and what was done. Who it was is told by role and side alone:
whoever looks at a client is another person."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import or_, select, tuple_

from libs.common.process.database import Sessions
from libs.common.seams.subjects import HeldPart
from libs.common.subjects.reading import written
from services.portal.audit.words import action_in_words, ending_in_words
from services.portal.evidence.words import EXPORTED
from services.portal.protection.readings import store as readings_store
from services.portal.protection.readings.store import Sought
from services.portal.protection.readings.words import area_of, role_in_words, way_of
from services.portal.protection.subject_access.parts import OwnPart, Rows
from services.portal.schema.tables_requests import Audit, AuditEnd

ROWS_A_PAGE: Final = 1000
THE_COUNCIL: Final = "the council"
READINGS: Final[HeldPart] = {
    "name": "who-looked",
    "title": "Who looked at the person’s data",
    "words": "When it was looked at, in which role and at whom, and on which pages. Names of staff are left out.",
    "headings": ["When", "Role", "Of", "By", "What"],
    "is_prose": False,
    "by_visits": False,
}
DOINGS: Final[HeldPart] = {
    "name": "what-was-done",
    "title": "What was done with the person’s record",
    "words": "What somebody asked to be changed, from the audit trail. Names of staff are left out.",
    "headings": ["When", "Role", "Of", "What", "How it ended"],
    "is_prose": False,
    "by_visits": False,
}


def own_parts(sessions: Sessions, names: Sequence[str], providers: Mapping[str, str]) -> list[OwnPart]:
    """names: by which the person is known; providers: names by ids."""
    return [
        OwnPart(READINGS, lambda: _readings(sessions, names, providers)),
        OwnPart(DOINGS, lambda: _doings(sessions, names, providers)),
    ]


def _readings(sessions: Sessions, names: Sequence[str], providers: Mapping[str, str]) -> Rows:
    before: readings_store.Place | None = None
    while True:
        with sessions.begin() as transaction:
            rows = readings_store.newest(transaction, Sought(names), before=before, limit=ROWS_A_PAGE)
            transaction.expunge_all()
        for row in rows:
            action = row.action or ""
            what = "All that is held" if row.kind == EXPORTED else area_of(action)
            by = "Export" if row.kind == EXPORTED else way_of(action)
            whose = _whose(row.organisation_id, providers)
            yield [written(row.at), role_in_words(row.role or ""), whose, by, what]
        if len(rows) < ROWS_A_PAGE:
            return
        before = rows[-1].at, rows[-1].event_id


def _doings(sessions: Sessions, names: Sequence[str], providers: Mapping[str, str]) -> Rows:
    made = select(AuditEnd.action_id).where(AuditEnd.made.overlap([*names]))
    query = (
        select(Audit, AuditEnd)
        .outerjoin(AuditEnd, AuditEnd.action_id == Audit.action_id)
        .where(or_(Audit.objects.overlap([*names]), Audit.action_id.in_(made)))
        .order_by(Audit.asked_at.desc(), Audit.action_id.desc())
        .limit(ROWS_A_PAGE)
    )
    before: tuple[object, uuid.UUID] | None = None
    while True:
        place = tuple_(Audit.asked_at, Audit.action_id)
        with sessions.begin() as transaction:
            rows = transaction.execute(query if before is None else query.where(place < before)).all()
            transaction.expunge_all()
        for asked, end in rows:
            yield [
                written(asked.asked_at),
                role_in_words(asked.role),
                _whose(asked.organisation_id, providers),
                action_in_words(asked.action),
                ending_in_words(end.status if end else None),
            ]
        if len(rows) < ROWS_A_PAGE:
            return
        before = rows[-1][0].asked_at, rows[-1][0].action_id


def _whose(organisation_id: uuid.UUID | None, providers: Mapping[str, str]) -> str:
    return THE_COUNCIL if organisation_id is None else providers.get(str(organisation_id), "a provider")
