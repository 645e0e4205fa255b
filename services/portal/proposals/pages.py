"""Proposals: what needs two people waits here for the second (RULES 8)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from libs.common.proposals.deciders import DECIDERS
from libs.common.rights import names as rights
from libs.common.seams.matching.monitoring.ranking import Ranking
from libs.common.seams.proposals import ProposalDocument
from services.portal.money.periods.forms import ConfirmForm, ReasonForm
from services.portal.proposals.views import Proposals, ProposalSeen
from services.portal.proposals.words import RANKING, STATES, rows_of, title_of
from services.portal.ranking import words as ranking_words
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway, matching, payments
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked

pages = Blueprint("proposals", __name__, url_prefix="/proposals")

SHOWN = 50
LIST = Listing(
    "proposal",
    "proposals",
    rows="proposals",
    method="proposals",
    is_of_provider=False,
    columns={
        "What": "title",
        "Proposed": "proposed_at",
        "Proposed by": name_from("people", "proposed_by"),
        "State": lambda row, page: STATES[row["state"]][0],
        "Decided": "decided_at",
        "Decided by": name_from("people", "decided_by"),
        "Reason": "reason",
    },
)


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_PROPOSALS)
def proposals() -> ResponseReturnValue:
    found, more = _proposals().page(moment_and_id(cursor_asked()), rows_wanted(SHOWN))
    return render_list(
        LIST,
        "proposals/proposals.html",
        proposals=[one | {"title": title_of(one)} for one in found],
        more=url_for("proposals.proposals", cursor=cursor_of(more["proposed_at"], more["proposal_id"]))
        if more
        else None,
        people=_people(*found),
        states=STATES,
    )


@pages.get("/<uuid:proposal_id>")
@signed_in(rights.READ_PROPOSALS)
def one(proposal_id: uuid.UUID) -> ResponseReturnValue:
    found = _proposals().find(str(proposal_id))
    return render_template(
        "proposals/proposal.html",
        **_page(found),
        is_own=found["proposed_by"] == str(access.account().account_id),
        ranking=_ranking_of(found),
        ranking_words=ranking_words,
        may_decide=_may_decide(found) and found["state"] == "waiting",
        approve=ConfirmForm(formdata=None),
    )


@pages.post("/<uuid:proposal_id>/approve")
@signed_in(rights.DECIDE_MONEY, rights.DECIDE_PAY_RULES, rights.DECIDE_RANKINGS)
def approve(proposal_id: uuid.UUID) -> ResponseReturnValue:
    if _decidable(proposal_id)["effect"] is None:
        raise Refused("in_flight", "What it changes is being worked out: look at it first.")
    _proposals().decide(str(proposal_id), approves=True)
    flash("The proposal is approved. What it changes follows now.")
    return redirect(url_for("proposals.one", proposal_id=proposal_id), 303)


@pages.route("/<uuid:proposal_id>/refuse", methods=["GET", "POST"])
@signed_in(rights.DECIDE_MONEY, rights.DECIDE_PAY_RULES, rights.DECIDE_RANKINGS)
def refuse(proposal_id: uuid.UUID) -> ResponseReturnValue:
    page = _page(_decidable(proposal_id))
    form = ReasonForm()
    if not form.validate_on_submit():
        return show("proposals/refuse.html", form, **page)
    try:
        _proposals().decide(str(proposal_id), approves=False, reason=form.reason.data or "")
    except Refused as refused:
        return show_refusal("proposals/refuse.html", form, refused, **page)
    flash("The proposal is refused. Whoever made it sees your reason.")
    return redirect(url_for("proposals.one", proposal_id=proposal_id), 303)


def _proposals() -> Proposals:
    return Proposals(payments(), matching(), gateway())


def _decidable(proposal_id: uuid.UUID) -> ProposalSeen:
    """The proposal. Raises Refused ``others_decide`` for whose role does not decide about its kind."""
    found = _proposals().find(str(proposal_id))
    if not _may_decide(found):
        raise Refused("others_decide", "Your role does not decide about this: finance or an approver does.")
    return found


def _may_decide(found: ProposalSeen) -> bool:
    return access.may(DECIDERS[found["kind"]])


def _ranking_of(found: ProposalSeen) -> Ranking | None:
    """What would be frozen, word for word, where the proposal is to freeze a ranking."""
    if found["kind"] != RANKING:
        return None
    return matching().proposed_ranking(proposal_id=found["proposal_id"])


def _page(found: ProposalSeen) -> dict[str, Any]:
    return {
        "proposal": found,
        "title": title_of(found),
        "rows": rows_of(found),
        "people": _people(found),
        "states": STATES,
    }


def _people(*found: ProposalDocument) -> dict[str, str]:
    ids = [who for one in found for who in (one["proposed_by"], one["decided_by"])]
    return names_of(access.the_parts(), access.account(), ids)
