"""How pages list, show and move a case of any kind."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, Final, TypedDict

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from libs.common.rights import names as rights
from libs.common.seams.disputes.cases import SaidInCase
from services.portal.casework.cases.forms import MessageForm
from services.portal.casework.cases.kinds import address_of
from services.portal.casework.cases.letters import NumberedCase, tell_of_move
from services.portal.casework.cases.views import Listed, place_of
from services.portal.casework.cases.words import KEPT_ALL_THE_SAME, WORDS, buttons_of
from services.portal.clients.payload_types import After
from services.portal.web import access
from services.portal.web.calls import disputes, is_council
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.paging import Page, cursor_asked, cut_page, link_on, place_by_moment
from services.portal.web.telling import tell_not_done

SHOWN: Final = 50


class CaseToShow(TypedDict):
    """What a page's form and buttons need to know of a case."""

    kind: str
    is_open: bool
    allowed: list[str]


def list_page(
    ask: Callable[[After | None, int], list[Listed]], endpoint: str, **query: Any
) -> tuple[list[Listed], str | None]:
    """The cases after the cursor of the address, and the link by which the list goes on.

    ask: what of a list comes after a place, so many of it at most. endpoint, query: the address of the list.
    """
    shown = rows_wanted(SHOWN)
    page: Page[Listed] = cut_page(ask(place_by_moment(cursor_asked()), shown + 1), shown, place_of)
    return page.rows, link_on(endpoint, page.cursor, **query)


def render_case(
    template: str, case: CaseToShow, form: MessageForm, *, may_say: bool | None = None, **more: Any
) -> str:
    """The page of a case with the form to go on with it.

    may_say: whether who is signed in can write in it; without that, whether their role takes part and it is open.
    """
    kind = case["kind"]
    if may_say is None:
        may_say = case["is_open"] and access.may(rights.ANSWER_CASEWORK)
    return render_template(
        template,
        found=case,
        form=form.renewed(),
        buttons=buttons_of(kind, case["allowed"]) if may_say else [],
        words=WORDS[kind],
        is_council=is_council(),
        **more,
    )


def require_button(kind: str) -> str:
    """The move of the button that was pressed, nothing for words alone; 400 for one that no button makes."""
    move = request.form.get("move", "")
    if move and move not in WORDS[kind].buttons:
        abort(400, "Go back to the page and use one of its buttons.")
    return move


def say_in_case(case: NumberedCase, form: MessageForm, move: str) -> ResponseReturnValue:
    """Send a form without faults as a message of a case, with a move or without one, and go back to the case."""
    said = disputes().say(
        kind=case["kind"],
        case_id=case["case_id"],
        message_id=form.id_of_message(),
        move=move,
        **form.said(),
    )
    return go_on(case, move, said, form.id_of_message())


def go_on(case: NumberedCase, move: str, said: SaidInCase, message_id: uuid.UUID) -> ResponseReturnValue:
    """Back to a case after something was said in it: whoever said it is told, and the provider."""
    if said["is_moved"]:
        flash(WORDS[case["kind"]].done[move])
    else:
        tell_not_done(KEPT_ALL_THE_SAME)
    tell_of_move(case, move if said["is_moved"] else "", message_id)
    return go_to(case["kind"], case["case_id"])


def go_to(kind: str, case_id: uuid.UUID | str) -> ResponseReturnValue:
    """On to the page of a case."""
    return redirect(address_of(kind, case_id), 303)


def today() -> dt.date:
    """The council's day."""
    return london_day(access.the_parts().clock())
