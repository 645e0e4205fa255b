"""Who looked at a client: a list out of evidence, page by page and as CSV (RULES 20). It is read, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from flask import Blueprint, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import begin_of_day, london_day
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.lists import COUNTED_TO
from libs.common.seams.matching.clients import DataSubject
from services.portal.accounts import store as accounts_store
from services.portal.accounts.rules import subject_of
from services.portal.protection.readings import store, views
from services.portal.protection.readings.store import NAMED, UNNAMED, Sought
from services.portal.schema.tables_evidence import Evidence
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway, matching
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.downloads.files import csv_in_parts, file_name
from services.portal.web.forms.dates import day_given
from services.portal.web.listing.lists import Listing, render_list
from services.portal.web.names.picking import picks_client
from services.portal.web.paging import cursor_asked, link_on

pages = Blueprint("readings", __name__, url_prefix="/readings")

SHOWN = 50
LONGEST = 254
ASKED = ("client", "which", "person", "since", "until")
WHICH = {
    NAMED: "Those that named this client",
    UNNAMED: "Those that may have held this client, and name nobody",
}


LIST = Listing("reading", "readings", {}, rows="readings")
"""Its file is one of its own."""


class _Wanted(NamedTuple):
    """Of whom, and which readings."""

    subject: DataSubject
    sought: Sought


@pages.get("")
@signed_in(rights.READ_READINGS)
@picks_client
def readings() -> ResponseReturnValue:
    """A page of them, once a client is chosen."""
    asked, wanted, problem = _asked(), None, None
    rows, more = list[Evidence](), None
    if asked["client"]:
        try:
            wanted = _wanted(asked)
        except Refused as refused:
            field = (refused.details or {}).get("field", "client")
            if refused.code not in ("bad_date", "bad_choice", "not_found"):
                raise
            problem = {"text": refused.message, "field": field}
        else:
            rows, more = _page(wanted.sought, asked)
    page = render_list(
        LIST,
        "protection/readings.html",
        count=lambda: _count(wanted.sought) if wanted else 0,
        csv=url_for("readings.download", **_filled(asked)),
        asked=asked,
        problem=problem,
        subject=wanted and wanted.subject,
        readings=views.readings(access.the_parts(), gateway(), access.account(), rows),
        more=more,
        which=WHICH,
    )
    return (page, 400) if problem else page


@pages.get("/readings.csv")
@signed_in(rights.READ_READINGS)
def download() -> ResponseReturnValue:
    """All that is sought of a client. Raises Refused ``bad_query`` without one."""
    asked = _asked()
    if not asked["client"]:
        raise Refused("bad_query", "Choose a client first.")
    subject, sought = _wanted(asked)
    content = views.csv_of_readings(access.the_parts(), gateway(), access.account(), sought)
    return csv_in_parts(stream_with_context(content), _file_name(subject, sought))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").replace("\0", "").strip()[:LONGEST] for name in ASKED}


def _filled(asked: dict[str, str]) -> dict[str, Any]:
    return {name: text for name, text in asked.items() if text}


def _page(sought: Sought, asked: dict[str, str]) -> tuple[list[Evidence], str | None]:
    """The rows of a page, and the address of the next one."""
    before = moment_and_id(cursor_asked())
    with access.the_parts().sessions.begin() as transaction:
        found = store.newest(transaction, sought, before=before, limit=SHOWN + 1)
        transaction.expunge_all()
    rows = found[:SHOWN]
    cursor = cursor_of(rows[-1].at.isoformat(), str(rows[-1].event_id)) if len(found) > SHOWN else None
    return rows, link_on("readings.readings", cursor, **_filled(asked))


def _count(sought: Sought) -> int:
    """How many there are, one more than COUNTED_TO for any more."""
    with access.the_parts().sessions.begin() as transaction:
        return len(store.newest(transaction, sought, before=None, limit=COUNTED_TO + 1))


def _wanted(asked: dict[str, str]) -> _Wanted:
    """Raises Refused `bad_date` and `bad_choice`, with the field, and ``not_found`` for a client who is unknown."""
    since, until = day_given(asked["since"], "since"), day_given(asked["until"], "until")
    which = asked["which"] or NAMED
    if which not in WHICH:
        raise Refused("bad_choice", "Choose one of the list", {"field": "which"})
    subject = matching().data_subject(identifier=asked["client"][:100])
    sought = Sought(
        names=[*subject["client_ids"], *subject["identifiers"]],
        which=which,
        who=_who(asked["person"]) if asked["person"] else None,
        since=begin_of_day(since) if since else None,
        until=begin_of_day(until + dt.timedelta(days=1)) if until else None,
    )
    return _Wanted(subject, sought)


def _who(person: str) -> str:
    """As evidence knows the holder of this e-mail address, or the token with this id."""
    with access.the_parts().sessions.begin() as transaction:
        account = accounts_store.account_of(transaction, subject_of(person))
    return str(account.account_id) if account else f"token {person.removeprefix('token ')}"


def _file_name(subject: DataSubject, sought: Sought) -> str:
    """who-looked-at-A123456_2022-10-03-to-2022-10-09_as-at-2022-11-01.csv: its days where the first of them is chosen."""
    today = london_day(access.the_parts().clock())
    last = london_day(sought.until - dt.timedelta(days=1)) if sought.until else today
    days = (london_day(sought.since), last) if sought.since else None
    what = "may-have-looked-at" if sought.which == UNNAMED else "who-looked-at"
    return file_name(f"{what}-{subject['reference']}", "csv", days=days, as_at=today)
