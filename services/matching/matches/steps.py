"""The steps of matching: visits taken, care matched again, weeks said. Takes a session, never commits."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy as copy_of
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy.orm import Session

from libs.common.care.names import fold
from libs.common.care.weeks import monday_of
from libs.common.messaging.messages import Message, encode_text
from libs.common.messaging.outbox import emit_many
from libs.common.operations.apart import result_or_reason
from libs.common.seams.events import LineOfWeek, VisitOfWeek, WeekMatched, WeeksMatched
from services.matching.care import store as care_store
from services.matching.identifiers import store as identifiers_store
from services.matching.identifiers.rules import client_on
from services.matching.matches import store, store_actuals
from services.matching.matches.rules import Cpli, Match, Visit, match_week
from services.matching.matches.set_apart import clear_clients, clear_visits, note_visits
from services.matching.matches.store import ClientWeek, CpliWeek, ReplicaVisit
from services.matching.stale_weeks import store as stale_weeks

WEEKS_IN_A_MESSAGE = 200

folded = lru_cache(maxsize=65_536)(fold)
day = lru_cache(maxsize=8192)(dt.date.fromisoformat)
iso = lru_cache(maxsize=8192)(dt.date.isoformat)
place_of = attrgetter("planned_on", "planned_entry", "visit_ref")

# What a message says of a visit, as the first arguments of `ReplicaVisit`; its client and match are found here.
SAID_COLUMNS = store.VISIT_COLUMNS[: store.VISIT_COLUMNS.index("client_id")]


def take_visits(session: Session, message: Message) -> None:
    """``visits_changed``: keep the newest state of each visit and match again every week that it touches."""
    organisation_id = message.body["organisation_id"]
    care_store.lock_care(session, exclusive=False)
    store.lock_organisations(session, [organisation_id])
    incoming = visits_from_columns(message.body["columns"])
    known = store.visits_by_ref(session, organisation_id, [visit.visit_ref for visit in incoming])
    # An equal version is taken again: that is how ``resync`` has a week said once more.
    fresh = [v for v in incoming if v.visit_ref not in known or v.version >= known[v.visit_ref].version]
    if not fresh:
        return
    resolve(session, fresh)
    before = [known[visit.visit_ref] for visit in fresh if visit.visit_ref in known]
    weeks = match_again(session, organisation_id, fresh, before, message)
    say_weeks(session, weeks, message, reason="visits")


def rematch(session: Session, message: Message) -> None:
    """``rematch_wanted``: care changed; resolve and match these clients' visits again.

    The weeks of ``cpli_ids`` are said in any case, also when nothing of them is left.
    """
    organisations = message.body["organisation_ids"]
    clients = message.body["client_ids"]
    care_store.lock_care(session, exclusive=False)
    store.lock_organisations(session, organisations)
    identifiers = identifiers_store.identifiers_of(session, clients)
    cpli_ids = message.body["cpli_ids"]
    store_actuals.follow_holders(session, cpli_ids)
    weeks: dict[CpliWeek, list[ReplicaVisit]] = {
        week: []
        for week in store.weeks_of_cplis(session, cpli_ids) | store_actuals.weeks_of_cplis(session, cpli_ids)
    }
    for organisation_id in organisations:
        before = store.visits_of_clients(session, organisation_id, clients, identifiers)
        fresh = [copy_of(visit) for visit in before.values()]
        resolve(session, fresh)
        matched = match_again(session, organisation_id, fresh, list(before.values()), message)
        for week, visits in matched.items():
            weeks[week] = weeks.get(week, []) + visits
    say_weeks(session, weeks, message, reason="care")
    clear_clients(session, message)


def visits_from_columns(columns: Mapping[str, list[Any]]) -> list[ReplicaVisit]:
    """The rows of a ``visits_changed`` body, names folded and as they were written, dates read."""
    planned_on = list(map(day, columns["planned_on"]))
    read: dict[str, Iterable[Any]] = {
        **columns,
        "service_name": map(folded, columns["service_name"]),
        "service_level": map(folded, columns["service_level"]),
        "written_service": columns["service_name"],
        "written_level": columns["service_level"],
        "planned_on": planned_on,
        "monday": map(monday_of, planned_on),
        "identifier": map(identifier_of, columns["ssref"], columns["client_ref"], columns["nhs_number"]),
    }
    return list(map(ReplicaVisit, *(read[name] for name in SAID_COLUMNS)))


def identifier_of(ssref: str, client_ref: str, nhs_number: str) -> str:
    """RULES 5: the first identifier that is filled."""
    return f"S:{ssref}" if ssref else f"C:{client_ref}" if client_ref else f"N:{nhs_number}"


def resolve(session: Session, visits: Iterable[ReplicaVisit]) -> None:
    """RULES 5: the client of the first identifier that is filled, with no second try; RULES 2: on the planned date."""
    visits = list(visits)
    holdings = identifiers_store.holdings_of(session, {visit.identifier for visit in visits})
    for visit in visits:
        known = holdings.get(visit.identifier)
        visit.client_id = client_on(known, visit.planned_on) if known else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Visits with their new matches, and what was stored of them before, by VisitRef.

    ``failed`` are those of weeks that could not be matched, each with why; they keep the matches they had.
    """

    visits: list[ReplicaVisit]
    stored: dict[str, ReplicaVisit]
    failed: list[tuple[ReplicaVisit, str]]


def compute_matches(
    session: Session, organisation_id: str, fresh: Sequence[ReplicaVisit], before: Sequence[ReplicaVisit]
) -> Outcome:
    """Match the client-weeks that the visits leave and enter. ``before`` is what was stored of ``fresh``."""
    client_weeks = {
        (visit.client_id, visit.monday) for visit in (*fresh, *before) if visit.client_id is not None
    }
    beside = store.visits_beside(session, organisation_id, client_weeks, (v.visit_ref for v in fresh))
    return match_beside(session, organisation_id, fresh, before, beside)


def match_beside(
    session: Session,
    organisation_id: str,
    fresh: Sequence[ReplicaVisit],
    before: Sequence[ReplicaVisit],
    beside: Mapping[str, ReplicaVisit],
) -> Outcome:
    """The same, where all other visits of these client-weeks are known, by VisitRef."""
    clients = {visit.client_id for visit in (*fresh, *before) if visit.client_id is not None}
    stored = {**beside} | {visit.visit_ref: visit for visit in before}
    visits = [*fresh, *map(copy_of, beside.values())]
    cplis = store.cplis_of_clients(session, organisation_id, clients)
    return Outcome(visits, stored, assign_matches(visits, cplis, stored))


def match_again(
    session: Session,
    organisation_id: str,
    fresh: Sequence[ReplicaVisit],
    before: Sequence[ReplicaVisit],
    message: Message,
) -> dict[CpliWeek, list[ReplicaVisit]]:
    """Match and store what changed. Answers with the visits of every CPLI-week that may differ."""
    outcome = compute_matches(session, organisation_id, fresh, before)
    changed = [visit for visit in outcome.visits if outcome.stored.get(visit.visit_ref) != visit]
    if changed:
        changed.sort(key=lambda visit: visit.visit_ref)
        store.save_visits(session, organisation_id, changed, outcome.stored)
        stale_weeks.mark_weeks(session, organisation_id, mondays_of(changed, outcome.stored))
    clear_visits(session, organisation_id, outcome.visits)
    note_visits(session, organisation_id, outcome.failed, message)
    return by_cpli_week(outcome.visits, outcome.stored.values())


def mondays_of(visits: Iterable[ReplicaVisit], stored: Mapping[str, ReplicaVisit]) -> set[dt.date]:
    """The weeks in which these visits are planned, and were before."""
    mondays = set()
    for visit in visits:
        mondays.add(visit.monday)
        if (known := stored.get(visit.visit_ref)) is not None:
            mondays.add(known.monday)
    return mondays


def assign_matches(
    visits: Iterable[ReplicaVisit],
    cplis: Mapping[str, list[Cpli]],
    stored: Mapping[str, ReplicaVisit],
) -> list[tuple[ReplicaVisit, str]]:
    """Write each visit's match into it, client's week by client's week; a deleted visit has none.

    A week that can't be matched stops no other: its visits keep what is stored, and are the answer, each with why.
    """
    weeks: dict[ClientWeek, list[ReplicaVisit]] = defaultdict(list)
    failed = []
    for visit in visits:
        visit.cpli_id = visit.reason = None
        if visit.deleted:
            continue
        if visit.client_id is None:
            visit.reason = "no_package"
        else:
            weeks[visit.client_id, visit.monday].append(visit)
    for (client_id, _), of_week in weeks.items():
        matches, reason = match_or_reason(of_week, cplis.get(client_id, []))
        for visit in of_week:
            if reason is None:
                visit.cpli_id, visit.reason = matches[visit.visit_ref]
                continue
            failed.append((visit, reason))
            known = stored.get(visit.visit_ref)
            if known and (known.client_id, known.monday) == (visit.client_id, visit.monday):
                visit.cpli_id, visit.reason = known.cpli_id, known.reason
    return failed


def match_or_reason(visits: Iterable[Visit], cplis: Iterable[Cpli]) -> tuple[dict[str, Match], str | None]:
    """The matches of a client's week, or why it can't be matched."""
    matches, reason = result_or_reason(lambda: match_week(visits, cplis))
    return matches or {}, reason


def by_cpli_week(
    visits: Iterable[ReplicaVisit], stored: Iterable[ReplicaVisit]
) -> dict[CpliWeek, list[ReplicaVisit]]:
    """The visits of each CPLI-week, and no visits for a week that was left empty."""
    weeks: dict[CpliWeek, list[ReplicaVisit]] = {
        (visit.cpli_id, visit.monday): [] for visit in stored if visit.cpli_id is not None
    }
    for visit in visits:
        if visit.cpli_id is not None:
            weeks.setdefault((visit.cpli_id, visit.monday), []).append(visit)
    return weeks


def say_weeks(
    session: Session, weeks: Mapping[CpliWeek, list[ReplicaVisit]], message: Message, *, reason: str
) -> None:
    """``weeks_matched``: the full state of each CPLI-week, with a version drawn under the organisation's lock."""
    if not weeks:
        return
    facts = care_store.facts_of_cplis(session, {cpli_id for cpli_id, _ in weeks})
    lines = store_actuals.lines_of_weeks(session, weeks)
    said = [
        week_as_said(
            cpli_id,
            monday,
            version,
            weeks[cpli_id, monday],
            facts[cpli_id],
            lines.get((cpli_id, monday)),
        )
        for (cpli_id, monday), version in zip(
            sorted(weeks), care_store.draw_versions(session, len(weeks)), strict=True
        )
    ]
    store.save_weeks(
        session,
        [(w["cpli_id"], day(w["monday"]), w["organisation_id"], w["version"]) for w in said],
    )
    bodies: Iterator[WeeksMatched] = (
        {"reason": reason, "weeks": said[i : i + WEEKS_IN_A_MESSAGE]}
        for i in range(0, len(said), WEEKS_IN_A_MESSAGE)
    )
    # as text: what is made of these types fits, and is checked part by part where it is heard
    emit_many(
        session, "weeks_matched", map(encode_text, bodies), cause_id=message.cause_id, lane=message.lane
    )


def week_as_said(
    cpli_id: int,
    monday: dt.date,
    version: int,
    visits: list[ReplicaVisit],
    facts: tuple[str, str, int],
    lines: list[LineOfWeek] | None = None,
) -> WeekMatched:
    """One week of ``weeks_matched``; ``lines`` are those of an actual, None for a week that is paid by visits."""
    client_id, organisation_id, terms_version = facts
    visits.sort(key=place_of)
    week: WeekMatched = {
        "cpli_id": cpli_id,
        "monday": iso(monday),
        "version": version,
        "terms_version": terms_version,
        "client_id": client_id,
        "organisation_id": organisation_id,
        "visits": [visit_as_said(visit) for visit in visits],
    }
    if lines is not None:
        week["lines"] = lines
    return week


def visit_as_said(v: ReplicaVisit) -> VisitOfWeek:
    """A visit in ``weeks_matched``."""
    # not by keywords, which would take thrice as long: these are its names, in its order
    return VisitOfWeek(
        v.visit_ref,
        v.visit_type,
        iso(v.planned_on),
        v.planned_entry,
        v.planned_exit,
        v.delivered_seconds,
    )
