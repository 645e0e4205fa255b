"""The audit trail: who asked what to be changed, and how it ended. It is read, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import LONDON
from libs.common.errors import Refused
from services.portal.accounts import store as accounts_store
from services.portal.accounts.rules import subject_of
from services.portal.audit import store as audit_store
from services.portal.audit.steps import SAFE_METHODS
from services.portal.audit.store import Sought
from services.portal.audit.words import action_in_words, ending_in_words
from services.portal.schema.tables import Audit, AuditEnd
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.dates import day_given
from services.portal.web.people import names_of, provider_names

pages = Blueprint("audit", __name__, url_prefix="/audit")

SHOWN = 50
LONGEST = 254
TAGS = {
    "Done": "govuk-tag--green",
    "Refused": "govuk-tag--yellow",
    "Failed": "govuk-tag--red",
    "Not known": "govuk-tag--grey",
}
ASKED = ("person", "action", "named", "since", "until")


@pages.get("")
@signed_in("council")
def trail() -> ResponseReturnValue:
    asked = {name: request.args.get(name, "")[:LONGEST] for name in ASKED}
    rows: list[tuple[Audit, AuditEnd | None]] = []
    problem = None
    try:
        sought = _sought(asked)
        after = moment_and_id(request.args.get("cursor"))
        with access.the_parts().sessions.begin() as transaction:
            rows = list(audit_store.page(transaction, sought, after=after, limit=SHOWN + 1))
    except Refused as refused:
        if refused.code != "bad_date":
            raise
        problem = {"text": refused.message, "field": (refused.details or {})["field"]}
    more = None
    if len(rows) > SHOWN:
        rows = rows[:SHOWN]
        last = rows[-1][0]
        cursor = cursor_of(last.asked_at.isoformat(), str(last.action_id))
        asked_again: dict[str, Any] = {name: text for name, text in asked.items() if text}
        more = url_for("audit.trail", **asked_again, cursor=cursor)
    page = render_template(
        "audit/trail.html",
        asked=asked,
        problem=problem,
        rows=[_shown(*row) for row in rows],
        people=names_of(access.the_parts(), access.account(), (row.who for row, _ in rows)),
        organisations=provider_names(
            access.the_parts(),
            gateway(),
            (str(row.organisation_id) for row, _ in rows if row.organisation_id),
        ),
        more=more,
        actions=_actions(),
        tags=TAGS,
    )
    return (page, 400) if problem else page


def _sought(asked: dict[str, str]) -> Sought:
    """Raises Refused `bad_date`, with the field."""
    since, until = day_given(asked["since"], "since"), day_given(asked["until"], "until")
    return Sought(
        who=_who(asked["person"]) if asked["person"] else None,
        action=asked["action"] or None,
        named=asked["named"] or None,
        since=_midnight(since) if since else None,
        until=_midnight(until + dt.timedelta(days=1)) if until else None,
    )


def _who(person: str) -> str:
    """As the trail knows the holder of this e-mail address, or the token with this id."""
    with access.the_parts().sessions.begin() as transaction:
        account = accounts_store.account_of(transaction, subject_of(person))
    return str(account.account_id) if account else f"token {person.removeprefix('token ')}"


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), LONDON)


def _shown(asked: Audit, end: AuditEnd | None) -> dict[str, Any]:
    return {
        "at": asked.asked_at.isoformat(),
        "who": asked.who,
        "role": asked.role.replace("_", " ").capitalize(),
        "organisation_id": asked.organisation_id,
        "words": action_in_words(asked.action),
        "objects": [*asked.objects, *(end.made if end else [])],
        "ending": ending_in_words(end.status if end else None),
        "status": end.status if end else None,
    }


def _actions() -> list[tuple[str, str]]:
    """(endpoint, words) of whatever can be asked to be changed, by its words."""
    unsafe = {
        rule.endpoint
        for rule in current_app.url_map.iter_rules()
        if (rule.methods or set()) - set(SAFE_METHODS)
    }
    return sorted(((one, action_in_words(one)) for one in unsafe), key=lambda pair: (pair[1], pair[0]))
