"""The audit trail: who asked what to be changed, and what came of it. It is read, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import begin_of_day, london_day
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.lists import COUNTED_TO
from services.portal.accounts import store as accounts_store
from services.portal.accounts.rules import subject_of
from services.portal.audit import store as audit_store
from services.portal.audit.store import Doing, Sought
from services.portal.audit.views import csv_of_trail, entries
from services.portal.audit.words import CONCERNS, ENDINGS, GROUPS, OF_CONCERNS
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.downloads.files import csv_in_parts, file_name
from services.portal.web.forms.dates import day_given
from services.portal.web.listing.lists import Listing, render_list
from services.portal.web.names.organisations import names_by_id

pages = Blueprint("audit", __name__, url_prefix="/audit")

SHOWN = 50
LONGEST = 254
COMMAND_LINE = "command line"
LIST = Listing("entry", "entries", {}, rows="entries")
"""Its file is one of its own."""
TAGS = {"Refused": "govuk-tag--yellow", "Failed": "govuk-tag--red", "Not known": "govuk-tag--grey"}
"""Of what was not done, or may not have been."""
ASKED = ("person", "what", "organisation", "named", "since", "until", "ending")
ACTIONS_OF = {group.name: tuple(group.actions) for group in GROUPS}


@pages.get("")
@signed_in(rights.READ_TRAIL)
def trail() -> ResponseReturnValue:
    """A page of it, under what it is limited to; pages go both ways."""
    asked = _asked()
    providers = names_by_id(gateway())
    problem, doings = None, list[Doing]()
    earlier = later = None
    try:
        sought = _sought(asked, {name: one for one, name in providers.items()})
    except Refused as refused:
        if refused.code not in ("bad_date", "bad_choice"):
            raise
        problem = {"text": refused.message, "field": (refused.details or {})["field"]}
    else:
        doings, earlier, later = _page(sought, asked)
    page = render_list(
        LIST,
        "audit/trail.html",
        count=lambda: None if problem else _count(sought),
        csv=_address("audit.download", asked),
        asked=asked,
        problem=problem,
        entries=entries(access.the_parts(), gateway(), access.account(), doings),
        earlier=earlier,
        later=later,
        groups={group.name: group.text for group in GROUPS if _sees_concerns() or group.name != CONCERNS},
        endings=ENDINGS,
        providers=sorted(providers.values()),
        tags=TAGS,
        more=earlier or later,
    )
    return (page, 400) if problem else page


@pages.get("/trail.csv")
@signed_in(rights.READ_TRAIL)
def download() -> ResponseReturnValue:
    """All that is sought."""
    asked = _asked()
    sought = _sought(asked, {name: one for one, name in names_by_id(gateway()).items()})
    content = csv_of_trail(access.the_parts(), gateway(), access.account(), sought)
    return csv_in_parts(stream_with_context(content), _file_name(sought, asked["organisation"]))


def _asked() -> dict[str, str]:
    return {name: request.args.get(name, "").strip()[:LONGEST] for name in ASKED}


def _page(sought: Sought, asked: dict[str, str]) -> tuple[list[Doing], str | None, str | None]:
    """The doings of a page, and the addresses of the earlier and of the later ones."""
    before, after = moment_and_id(request.args.get("before")), moment_and_id(request.args.get("after"))
    with access.the_parts().sessions.begin() as transaction:
        if after is not None:
            found = audit_store.next_newer(transaction, sought, after=after, limit=SHOWN + 1)
            if len(found) > SHOWN:
                found = found[1:]
                return found, _earlier(asked, found), _later(asked, found)
            before = None  # there are no more: the newest page is a whole one
        found = audit_store.newest(transaction, sought, before=before, limit=SHOWN + 1)
    is_more, found = len(found) > SHOWN, found[:SHOWN]
    is_first = before is None or not found
    return found, _earlier(asked, found) if is_more else None, None if is_first else _later(asked, found)


def _count(sought: Sought) -> int:
    """How many there are, one more than COUNTED_TO for any more."""
    with access.the_parts().sessions.begin() as transaction:
        return len(audit_store.newest(transaction, sought, before=None, limit=COUNTED_TO + 1))


def _earlier(asked: dict[str, str], found: list[Doing]) -> str:
    return _address("audit.trail", asked, before=found[-1])


def _later(asked: dict[str, str], found: list[Doing]) -> str:
    return _address("audit.trail", asked, after=found[0])


def _address(endpoint: str, asked: dict[str, str], **places: Doing) -> str:
    """A page of what is asked for, or its file."""
    query: dict[str, Any] = {name: text for name, text in asked.items() if text}
    for name, (row, _) in places.items():
        query[name] = cursor_of(row.asked_at.isoformat(), str(row.action_id))
    return url_for(endpoint, **query)


def _sought(asked: dict[str, str], ids: dict[str, str]) -> Sought:
    """What a search is limited to; ids: of providers by their names.

    Raises Refused `bad_date` and `bad_choice`, with the field.
    """
    since, until = day_given(asked["since"], "since"), day_given(asked["until"], "until")
    for field, known in (("what", ACTIONS_OF), ("ending", ENDINGS), ("organisation", ids)):
        if asked[field] and asked[field] not in known:
            raise Refused("bad_choice", "Choose one of the list", {"field": field})
    return Sought(
        who=_who(asked["person"]) if asked["person"] else None,
        actions=ACTIONS_OF[asked["what"]] if asked["what"] else None,
        but=() if _sees_concerns() else OF_CONCERNS,
        named=asked["named"] or None,
        organisation_id=audit_store.uuid_of(ids[asked["organisation"]]) if asked["organisation"] else None,
        ending=asked["ending"] or None,
        since=begin_of_day(since) if since else None,
        until=begin_of_day(until + dt.timedelta(days=1)) if until else None,
    )


def _sees_concerns() -> bool:
    """Whether who looks sees concerns (RULES 16), and so what was done with them."""
    return access.may(rights.READ_CONCERNS)


def _who(person: str) -> str:
    """As the trail knows the command line, the holder of this e-mail address, or the token with this id."""
    if person.casefold() == COMMAND_LINE:
        return COMMAND_LINE
    with access.the_parts().sessions.begin() as transaction:
        account = accounts_store.account_of(transaction, subject_of(person))
    return str(account.account_id) if account else f"token {person.removeprefix('token ')}"


def _file_name(sought: Sought, organisation: str) -> str:
    """audit-trail_2022-10-03-to-2022-10-09_as-at-2022-11-01.csv: its days where the first of them is chosen."""
    today = london_day(access.the_parts().clock())
    last = london_day(sought.until - dt.timedelta(days=1)) if sought.until else today
    days = (london_day(sought.since), last) if sought.since else None
    what = "audit-trail" if days or not sought.until else f"audit-trail-to-{last.isoformat()}"
    return file_name(what, "csv", provider=organisation, days=days, as_at=today)
