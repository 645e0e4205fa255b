"""What changed care would do, before it is applied (RULES 2): matched as it would be, and nothing of it stored.

``forecast_book`` takes any book of changes: a care file's today. What it finds goes on to payments by reference,
which says what that would post; the answer comes back and is kept with the check.
"""

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from copy import copy as copy_of
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day, now
from libs.common.files.listed import write_listed
from libs.common.files.objects import read_object
from libs.common.messaging.messages import Message
from libs.common.messaging.outbox import emit
from libs.common.seams.events import WeekVisits
from services.matching.book import messages as care_messages
from services.matching.book import store as book_store
from services.matching.book import store_messages
from services.matching.book.book import CareBook
from services.matching.care import store as care_store
from services.matching.identifiers import store as identifiers_store
from services.matching.imports import steps, store_forecast
from services.matching.imports import store as imports_store
from services.matching.imports.rows import read_plainly, take_rows
from services.matching.matches import store as matches_store
from services.matching.matches import store_actuals
from services.matching.matches.forecast import as_said, by_week
from services.matching.matches.steps import compute_matches, resolve
from services.matching.matches.store import CpliWeek, ReplicaVisit

Document = dict[str, Any]


def forecast_care(session: Session, message: Message) -> None:
    """``care_checked``: what the checked file would change, passed on to payments by reference."""
    import_id = uuid.UUID(message.body["import_id"])
    care_store.lock_care(session, exclusive=False)
    checked = imports_store.care_import(session, import_id)
    if checked is None or not is_of_check(checked, message):
        return
    raw = steps.read_care(checked["object_key"])
    book = take_rows(session, chain(read_plainly(session, raw.rows), steps.headings_again(raw)))
    key = f"forecasts/{import_id}-{message.body['check_version']}-care-{uuid.uuid4()}.json"
    write_listed(key, forecast_book(session, book))
    emit(session, "care_matched", message.body | {"object_key": key}, cause_id=message.cause_id)


def take_forecast(session: Session, message: Message) -> None:
    """``care_forecast``: what the file would change in money, if it is still the check that was asked about."""
    import_id = uuid.UUID(message.body["import_id"])
    checked = imports_store.care_import(session, import_id, lock=True)
    if checked is not None and is_of_check(checked, message):
        found = json.loads(read_object(message.body["object_key"]))
        imports_store.end_import(session, import_id, forecast=found)


def is_of_check(found: Mapping[str, Any], message: Message) -> bool:
    """Whether a care file is still at the check that a message is about."""
    return (found["state"], found["check_version"]) == ("checked", message.body["check_version"])


def forecast_book(session: Session, book: CareBook) -> Iterator[Document]:
    """What a book's changes would make of care and matches, item by item. The care lock is held, shared at least.

    At first ``providers`` with their weekly cost before and after, in pounds, and ``methods``: CPLIs that would be
    paid in another way. Then each ``package`` as ``care_changed`` would say it, and each ``week`` whose visits would
    be others, with those.
    """
    touched = touched_organisations(book)
    today = london_day(now())
    before = store_forecast.weekly_costs(session, touched, today)
    with taken_back(session):
        book_store.save_book(session, book, imported_by="", cause_id=str(uuid.UUID(int=0)))
        care_messages.note_renamed(session, book)
        after = store_forecast.weekly_costs(session, touched, today)
        providers = {
            organisation_id: {
                "name": book.organisations[organisation_id]["name"],
                "weekly_before": str(before[organisation_id]),
                "weekly_after": str(after[organisation_id]),
            }
            for organisation_id in sorted(touched)
        }
        yield {"providers": providers, "methods": changed_methods(book)}
        for package in store_messages.stream_packages(
            session, care_messages.list_cplis_to_say(session, book)
        ):
            yield {"package": package}
        for body in care_messages.list_rematches(session, book):
            for week in changed_weeks(session, body):
                yield {"week": week}


def touched_organisations(book: CareBook) -> set[str]:
    """Those that the changed CPLIs are with, and those that they leave."""
    facts = (rows[i] for rows in (book.cplis_before, book.cplis) for i in book.changed_cplis if i in rows)
    return {str(of_cpli["organisation_id"]) for of_cpli in facts}


@contextmanager
def taken_back(session: Session) -> Iterator[None]:
    """What is written until the block ends is there to be read, and then has never been written."""
    savepoint = session.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()


def changed_methods(book: CareBook) -> list[Document]:
    """RULES 2: each CPLI whose PaymentMethod would be another."""
    methods = (
        (cpli_id, book.cplis_before[cpli_id]["payment_method"], book.cplis[cpli_id]["payment_method"])
        for cpli_id in sorted(book.changed_cplis & book.cplis_before.keys())
    )
    return [
        {"cpli_id": cpli_id, "before": before, "after": after}
        for cpli_id, before, after in methods
        if before != after
    ]


def changed_weeks(session: Session, body: Mapping[str, Any]) -> Iterator[WeekVisits]:
    """The CPLI-weeks that ``rematch_wanted`` would leave with other visits, in the form of ``weeks_matched``."""
    clients = body["client_ids"]
    identifiers = identifiers_store.identifiers_of(session, clients)
    before: dict[CpliWeek, list[ReplicaVisit]] = {}
    after: dict[CpliWeek, list[ReplicaVisit]] = {}
    for organisation_id in body["organisation_ids"]:
        known = matches_store.visits_of_clients(session, organisation_id, clients, identifiers)
        fresh = [copy_of(visit) for visit in known.values()]
        resolve(session, fresh)
        outcome = compute_matches(session, organisation_id, fresh, list(known.values()))
        add_visits(before, by_week(outcome.stored.values()))
        add_visits(after, by_week(outcome.visits))
    lines = store_actuals.lines_of_cplis(session, body["cpli_ids"])
    saved = store_actuals.weeks_of_cplis(session, body["cpli_ids"])
    for week in sorted({*before, *after, *saved}):
        if week in saved or refs_of(before.get(week, ())) != refs_of(after.get(week, ())):
            cpli_id, monday = week
            said: WeekVisits = {
                "cpli_id": cpli_id,
                "monday": monday.isoformat(),
                "visits": as_said(after.get(week, [])),
            }
            if week in lines:
                said["lines"] = lines[week]
            yield said


def add_visits(
    weeks: dict[CpliWeek, list[ReplicaVisit]], more: Mapping[CpliWeek, list[ReplicaVisit]]
) -> None:
    """A CPLI that moves between organisations has visits of both."""
    for week, visits in more.items():
        weeks[week] = weeks.get(week, []) + visits


def refs_of(visits: Iterable[ReplicaVisit]) -> list[str]:
    """What tells the visits of one week from those of another."""
    return sorted(visit.visit_ref for visit in visits)
