"""The forecast's middle step (RULES 4): the weeks a checked file touches, as they are and as they would be, and which of
its visits would have no match."""

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy.orm import Session

from libs.common.care.money import NOTHING, pounds_text
from libs.common.files import spooled
from libs.common.files.listed import read_listed, write_listed
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.seams.events import (
    UnmatchedForecast,
    UnmatchedOfReason,
    VisitOfWeek,
    WeekForecast,
    WillMatch,
)
from services.matching.care import store as care_store
from services.matching.matches import store_checked, store_will_match
from services.matching.matches.duplicates import find_duplicates
from services.matching.matches.steps import match_beside, resolve, visit_as_said, visits_from_columns
from services.matching.matches.store import CpliWeek, ReplicaVisit


def forecast_weeks(session: Session, message: Message) -> None:
    """``visits_checked``: match the staged visits without storing anything, and pass the weeks on by reference.

    The file's visits lie in the database meanwhile, and some clients' weeks at a time are in memory (decision 41).
    """
    care_store.lock_care(session, exclusive=False)
    organisation_id = keep_checked(session, message.body["object_key"])
    key = f"forecasts/{message.body['file_id']}-{message.body['check_version']}-{{}}-{uuid.uuid4()}.json"
    tally = Tally()
    keys = Keys(*map(key.format, Keys._fields))
    write_listed(keys.weeks, forecast_of_checked(session, organisation_id, tally))
    write_listed(keys.unmatched, unmatched_of_checked(session, organisation_id, tally))
    write_listed(keys.duplicates, store_will_match.stream_duplicates(session))
    will_match = tally.said(store_will_match.count_kept(session), keys)
    body = message.body | {"object_key": keys.weeks, "will_match": will_match}
    emit(session, "weeks_forecast", body, cause_id=message.cause_id)


class Keys(NamedTuple):
    """Where the lists of a forecast lie."""

    weeks: str
    unmatched: str
    duplicates: str


@dataclass(slots=True)
class Tally:
    """What is counted while a file is matched: how many could not be, and by reason visits and exact pounds."""

    apart: int = 0
    reasons: dict[str, tuple[int, Decimal]] = field(default_factory=dict)

    def add(self, reason: str, amount: Decimal) -> None:
        """Count a visit that would have no match."""
        visits, pounds = self.reasons.get(reason, (0, NOTHING))
        self.reasons[reason] = visits + 1, pounds + amount

    def said(self, kept: int, keys: Keys) -> WillMatch:
        """As ``weeks_forecast`` says it; ``kept`` visits are all that the file would store."""
        unmatched = sum(visits for visits, _ in self.reasons.values())
        most_first = sorted(self.reasons.items(), key=lambda one: (-one[1][0], one[0]))
        return {
            "unmatched_key": keys.unmatched,
            "duplicates_key": keys.duplicates,
            "matched": kept - unmatched - self.apart,
            "apart": self.apart,
            "unmatched": [
                UnmatchedOfReason(reason, visits, pounds_text(pounds))
                for reason, (visits, pounds) in most_first
            ],
            "amount": pounds_text(sum((pounds for _, pounds in self.reasons.values()), NOTHING)),
        }


def keep_checked(session: Session, object_key: str) -> str:
    """Put what a file would change where it is found by clients and weeks; answers whose visits these are."""
    organisation_id = ""
    store_checked.make_checked(session)
    for body in read_listed(object_key):
        organisation_id = body["organisation_id"]
        visits = visits_from_columns(body["columns"])
        resolve(session, visits)
        store_checked.add_checked(session, organisation_id, visits)
    return organisation_id


def forecast_of_checked(session: Session, organisation_id: str, tally: Tally) -> Iterator[WeekForecast]:
    """The weeks that a file touches, as they are and as it would leave them; those of a client's week together.

    Its visits without a match and its possible duplicates are kept beside; those of weeks that can't be matched counted.
    """
    for weeks in store_checked.portions_of_checked(session, organisation_id, spooled.PORTION):
        outcome = match_beside(session, organisation_id, weeks.fresh, weeks.before, weeks.beside)
        apart = {visit.visit_ref for visit, _ in outcome.failed} - weeks.beside.keys()
        tally.apart += len(apart)
        store_will_match.add_unmatched(
            session,
            (
                (visit.visit_ref, visit.reason)
                for visit in weeks.fresh
                if visit.reason is not None and visit.visit_ref not in apart
            ),
        )
        store_will_match.add_duplicates(session, find_duplicates(weeks.fresh, weeks.beside.values()))
        before = by_week(outcome.stored.values())
        after = by_week(outcome.visits)
        for week in sorted({*before, *after}):
            stored = before.get(week, [])
            yield {
                "cpli_id": week[0],
                "before": as_said(stored),
                "after": as_said(after.get(week, [])),
                "moved": [visit.visit_ref for visit in stored if visit.visit_ref in weeks.moved],
            }


def unmatched_of_checked(session: Session, organisation_id: str, tally: Tally) -> Iterator[UnmatchedForecast]:
    """The file's visits that would have no match, by VisitRef, once all of its weeks were matched; they are counted."""
    for visit in store_will_match.stream_unmatched(session, organisation_id):
        tally.add(visit.reason, visit.amount)
        yield UnmatchedForecast(visit.visit_ref, visit.reason, pounds_text(visit.amount))


def by_week(visits: Iterable[ReplicaVisit]) -> dict[CpliWeek, list[ReplicaVisit]]:
    """Matched visits by CPLI and Monday."""
    weeks: dict[CpliWeek, list[ReplicaVisit]] = {}
    for visit in visits:
        if visit.cpli_id is not None and not visit.deleted:
            weeks.setdefault((visit.cpli_id, visit.monday), []).append(visit)
    return weeks


def as_said(visits: list[ReplicaVisit]) -> list[VisitOfWeek]:
    """Visits in the form of ``weeks_matched``."""
    return [visit_as_said(visit) for visit in visits]
