"""Weeks of actuals that the council withdraws, because they were in dispute and nobody answered (RULES 9)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from libs.common.messaging.messages import Message
from services.ingest.actuals import packages, store
from services.ingest.actuals.events import say_changed
from services.ingest.actuals.rules import without_hours
from services.ingest.actuals.store import Entry
from services.ingest.visits.store import lock_organisation


def withdraw_weeks(session: Session, message: Message) -> None:
    """``withdrawal_wanted``: submit with the reason that nothing was delivered in these weeks.

    What is not submitted, or says that already, is left.
    """
    body = message.body
    for cpli_id, week in body["weeks"]:
        monday = dt.date.fromisoformat(week)
        package = packages.find_package(session, cpli_id)
        if package is None:
            continue
        lock_organisation(session, package.organisation_id)
        stored = store.find_actuals(session, [(cpli_id, monday)]).get((cpli_id, monday))
        if stored is None or not stored.has_time:
            continue
        lines = tuple(without_hours(line) for line in stored.lines)
        entry = Entry(cpli_id, monday, package.organisation_id, lines, body["reason"])
        saved = store.save_submitted(session, [entry], body["who"])
        say_changed(session, saved, message.cause_id, lane="single")
