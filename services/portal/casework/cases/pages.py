"""What pages of actions, payment enquiries and provider-led reviews share: a list, a case, and what is said in it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Final, NamedTuple

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.clock import london_day
from services.portal.accounts import rules as accounts_rules
from services.portal.casework.cases import views
from services.portal.casework.cases.forms import MessageForm
from services.portal.casework.conversations.subjects import Begun
from services.portal.casework.conversations.words import WITHOUT_WORDS, WORDS, buttons
from services.portal.web import access
from services.portal.web.calls import (
    SENDERS,
    ask,
    caller,
    gateway,
    is_council,
    organisation_chosen,
    organisations,
)
from services.portal.web.cursors import cursor_of, moment_and_id

Row = dict[str, Any]

SHOWN: Final = 50
SAYERS: Final = SENDERS
"""Who takes part: the provider, finance and commissioning. Approvers read."""
STATES: Final = {"open": "Open", "historic": "Historic"}


class Conversing(NamedTuple):
    """One kind of case. pages: the name of its blueprint; parameter: what its addresses call the id of a case."""

    kind: str
    pages: str
    parameter: str

    def place(self, case_id: uuid.UUID | str) -> str:
        """The address of a case."""
        values: Row = {self.parameter: case_id}
        return url_for(f"{self.pages}.one", **values)

    def listed(self, template: str, **more: Any) -> ResponseReturnValue:
        """Those that are wanted (`?turn=…&which=…&client=…&organisation=…`), oldest first."""
        chosen: Row = {
            "turn": _one_of("turn", WORDS[self.kind].turns),
            "which": _one_of("which", STATES) or "open",
            "client": request.args.get("client", "").strip()[:100] or None,
            "cpli": request.args.get("cpli", type=int),
            "organisation": organisation_chosen(),
        }
        found, further = self._page(chosen)
        if further is not None:
            further = url_for(f"{self.pages}.listed", **chosen, cursor=further)
        return render_template(
            template,
            cases=views.named(found),
            more=further,
            chosen=chosen,
            organisations=organisations(),
            words=WORDS[self.kind],
            states=STATES,
            place=self.place,
            listed=f"{self.pages}.listed",
            **more,
        )

    def _page(self, chosen: Row) -> tuple[list[Row], str | None]:
        after = moment_and_id(request.args.get("cursor"))
        name = chosen["organisation"]
        wanted: Row = {
            "kind": self.kind,
            "organisation_id": ask("matching", "organisation_id", organisation=name) if name else None,
            "turn": chosen["turn"],
            "is_over": chosen["which"] == "historic",
            "client": chosen["client"],
            "cpli_id": chosen["cpli"] if 0 < (chosen["cpli"] or 0) < 2**63 else None,
            "order": "oldest",
            "after": None if after is None else [after[0].isoformat(), str(after[1])],
            "limit": SHOWN + 1,
        }
        found = ask("disputes", "cases", **wanted)
        if len(found) <= SHOWN:
            return found, None
        last = found[SHOWN - 1]
        return found[:SHOWN], cursor_of(last["opened_at"], last["case_id"])

    def shown(self, case_id: uuid.UUID, form: MessageForm | None = None, **more: Any) -> ResponseReturnValue:
        """A case with its conversation and the form to go on with it; 400 when that is shown again."""
        found = views.case(self.kind, case_id)
        may_say = found["is_open"] and accounts_rules.is_among(access.account().role, SAYERS)
        page = render_template(
            f"{self.pages}/one.html",
            found=found,
            form=form or MessageForm(formdata=None).renewed(),
            buttons=buttons(self.kind, found["allowed"]) if may_say else [],
            words=WORDS[self.kind],
            is_council=is_council(),
            **more,
        )
        return page if form is None else (page, 400)

    def said(self, case_id: uuid.UUID, **more: Any) -> ResponseReturnValue:
        """What is sent with the form of `shown`; more: what that page needs besides."""
        move = request.form.get("move", "")
        if move and move not in WORDS[self.kind].moves:
            abort(400, "Go back to the page and use one of its buttons.")
        form = MessageForm()
        form.needs_words = move not in WITHOUT_WORDS
        found = ask("disputes", "case", kind=self.kind, case_id=str(case_id))
        if not form.validate_on_submit():
            return self.shown(case_id, form, **more)
        answer = views.say(self.kind, case_id, form, move)
        return self.gone_on(found, move, answer, form.id_of_message())

    def gone_on(self, found: Row, move: str, answer: Row, message_id: uuid.UUID) -> ResponseReturnValue:
        """Back to the case after something was said in it; the provider is told."""
        if answer["is_moved"]:
            flash("Your message is sent." if not move else f"Done: {WORDS[self.kind].made[move]}.")
        else:
            flash(views.KEPT_ALL_THE_SAME)
        self.tell(found, move if answer["is_moved"] else "", message_id)
        return redirect(self.place(found["case_id"]), 303)

    def tell(self, found: Row, move: str, message_id: uuid.UUID) -> None:
        """A letter to the provider when the council said something, once for each message."""
        sentence = WORDS[self.kind].letters.get(move)
        if sentence is not None:
            place, whose = self.place(found["case_id"]), [found["organisation_id"]]
            told = sentence.format(number=found["number"])
            views.tell_provider(self.kind, whose, told, place, about=message_id)

    def began(self, answer: Row, sentence: str) -> ResponseReturnValue:
        """On to a case that was just begun."""
        flash(sentence)
        return redirect(self.place(answer["case_id"]), 303)


def begun() -> Begun:
    """On behalf of whoever is signed in."""
    return Begun(gateway(), caller())


def today() -> dt.date:
    """The council's day."""
    return london_day(access.the_parts().clock())


def _one_of(name: str, values: Any) -> str | None:
    found = request.args.get(name)
    return found if found in values else None
