"""Saved actuals are taken, and their weeks are said. Takes a session, never commits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from libs.common.operations.apart import Part, clear_apart
from libs.common.seams.events import ActualSaid
from services.matching.care import store as care_store
from services.matching.matches import store as matches_store
from services.matching.matches import store_actuals
from services.matching.matches.steps import say_weeks


def take_actuals(session: Session, message: Message) -> None:
    """``actuals_changed``: keep the newest state of each saved week, and say it as a week of its CPLI.

    A week of a CPLI that is not known yet, or is paid otherwise now, is kept; it is said when its care says so.
    """
    weeks = list(map(ActualSaid._make, message.body["weeks"]))
    facts = lock_weeks(session, message)
    newer = store_actuals.keep_newest(session, message.body["organisation_id"], weeks)
    store_actuals.follow_holders(session, facts)
    paid = store_actuals.lines_of_weeks(session, newer)
    say_weeks(session, {week: [] for week in paid}, message, reason="actuals")
    clear_apart(session, "actual", {key_of(week): week.version for week in weeks})


def lock_weeks(session: Session, message: Message) -> dict[int, tuple[str, str, int]]:
    """Every lock of an ``actuals_changed``: care, and who has its CPLIs. Answers what is known of these."""
    care_store.lock_care(session, exclusive=False)
    cpli_ids = {week[0] for week in message.body["weeks"] if abs(week[0]) < 2**63}
    facts = care_store.facts_of_cplis(session, cpli_ids)
    holders = {organisation_id for _, organisation_id, _ in facts.values()}
    matches_store.lock_organisations(session, {message.body["organisation_id"], *holders})
    return facts


def divide_actuals(session: Session, message: Message) -> list[Part]:
    """``actuals_changed`` week by week."""
    body = message.body
    return [
        Part(
            "actual",
            key_of(week),
            "actuals_changed",
            {"organisation_id": body["organisation_id"], "weeks": [list(week)]},
            week.version,
            body["organisation_id"],
        )
        for week in map(ActualSaid._make, body["weeks"])
    ]


def join_actuals(parts: Sequence[Part]) -> dict[str, Any]:
    """The body of several weeks."""
    return {**parts[0].body, "weeks": [week for part in parts for week in part.body["weeks"]]}


def key_of(week: ActualSaid) -> str:
    """By what a saved week is known."""
    return f"{week.cpli_id}/{week.monday}"
