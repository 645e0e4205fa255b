"""One-off claims: listed by financial year and service, begun, looked at, submitted (RULES 10)."""

from __future__ import annotations

import uuid
from typing import NamedTuple

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.casework.cases import CLAIM, PENDING, REJECTED
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.disputes.claims import ListedClaim
from services.portal.casework.cases.pages import (
    go_on,
    go_to,
    list_page,
    render_case,
    require_button,
    say_in_case,
)
from services.portal.casework.cases.words import WORDS
from services.portal.casework.claims import steps, views
from services.portal.casework.claims.forms import DecisionForm, NewClaimForm, StepForm, a_uuid
from services.portal.casework.claims.views import ShownClaim, find_shown_claim, name_claims
from services.portal.casework.claims.words import STATES_OF_COUNCIL, TAGS
from services.portal.clients.payload_types import After
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.calls import disputes, gateway, is_council, matching, organisations
from services.portal.web.forms.faults import show
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.names.clients import identifiers_of
from services.portal.web.names.organisations import id_of
from services.portal.web.names.picking import picks_client
from services.portal.web.telling import tell_not_done

pages = Blueprint("claims", __name__, url_prefix="/claims")

ALL = "All"


LIST = Listing(
    "claim",
    "claims",
    method="claims",
    columns={
        "Claim": "number",
        "Begun": "opened_at",
        "State": "state",
        "Provider": "organisation",
        "Service": "service",
        "Clients": lambda row, page: ", ".join(row["clients"]),
        "Payable": "total_payable",
        "Claimed": "total_claimed",
    },
)


class Filters(NamedTuple):
    """What of a provider's list, or of the council's, is wanted."""

    year: str | None
    service: str | None
    state: str | None


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_CASEWORK)
@picks_client
def claims_page() -> ResponseReturnValue:
    chosen = Filters(*(request.args.get(name, "").strip()[:200] or None for name in Filters._fields))
    return _list_of_council(chosen) if is_council() else _list_of_provider(chosen)


@pages.route("/new", methods=["GET", "POST"])
@signed_in(rights.OPEN_OWN_CASES)
def new() -> ResponseReturnValue:
    form = NewClaimForm(service=request.args.get("service"), financial_year=request.args.get("year"))
    form.among(_services(), _years())
    if not form.validate_on_submit():
        return show("claims/new.html", form)
    claim_id = uuid.UUID(form.claim_id.data)
    words = (form.words.data or "").strip()
    steps.begin_claim(claim_id, service=form.service.data, year=form.financial_year.data, words=words)
    flash("The claim is begun. Add a client item for each client, then submit it.")
    return go_to(CLAIM, claim_id)


@pages.get("/<uuid:claim_id>")
@signed_in(rights.READ_CASEWORK)
def one(claim_id: uuid.UUID) -> ResponseReturnValue:
    return _page(find_shown_claim(claim_id), DecisionForm(formdata=None))


@pages.post("/<uuid:claim_id>/submit")
@signed_in(rights.OPEN_OWN_CASES)
def submit(claim_id: uuid.UUID) -> ResponseReturnValue:
    said = steps.submit_claim(claim_id, uuid.UUID(a_uuid(StepForm().message_id.data)))
    if said["state"] == REJECTED:
        tell_not_done("The claim was rejected automatically: the reason stands below.")
    else:
        flash(WORDS[CLAIM].done["submit"])
    return go_to(CLAIM, claim_id)


@pages.post("/<uuid:claim_id>/cancel")
@signed_in(rights.OPEN_OWN_CASES)
def cancel(claim_id: uuid.UUID) -> ResponseReturnValue:
    disputes().cancel_claim(claim_id=claim_id, message_id=a_uuid(StepForm().message_id.data))
    flash(WORDS[CLAIM].done["cancel"])
    return redirect(url_for("claims.claims_page"), 303)


@pages.post("/<uuid:claim_id>/notes")
@signed_in(rights.OPEN_OWN_CASES, rights.DECIDE_CLAIMS)
def note(claim_id: uuid.UUID) -> ResponseReturnValue:
    """Words alone, or (finance) with a decision, by the button that was pressed."""
    claim, move = find_shown_claim(claim_id), require_button(CLAIM)
    form = DecisionForm().for_move(CLAIM, move)
    if not form.validate_on_submit():
        return _page(claim, form), 400
    return _decide(claim, form, move) if move else say_in_case(claim, form, move)


def _decide(claim: ShownClaim, form: DecisionForm, move: str) -> ResponseReturnValue:
    if not access.may(rights.DECIDE_CLAIMS):
        raise Refused("not_allowed", "You can’t do this.")
    message_id, seen = form.id_of_message(), form.seen.data or None
    try:
        said = steps.decide_claim(
            claim, claim["items"], move=move, message_id=message_id, seen=seen, **form.said()
        )
    except Refused as refused:
        if refused.code in ("not_found", "not_allowed"):
            raise
        form.words.errors = [refused.message]
        return _page(find_shown_claim(uuid.UUID(claim["case_id"])), form), 400
    return go_on(claim, move, said, message_id)


def _page(claim: ShownClaim, form: DecisionForm) -> str:
    """The claim, with a form that was sent or that can be."""
    form.seen.data = claim["seen"]
    may_decide = is_council() and access.may(rights.DECIDE_CLAIMS)
    return render_case(
        "claims/claim.html",
        claim,
        form,
        tags=TAGS,
        step=StepForm(formdata=None, message_id=a_uuid(None)),
        may_edit="submit" in claim["allowed"] and not is_council(),
        may_decide=may_decide and "accept" in claim["allowed"],
        may_say=may_decide or not is_council(),
    )


def _list_of_provider(chosen: Filters) -> str:
    """[003]: the financial year and the services on the left, and the claims of what is chosen."""
    years, services = _years(), _services()
    year = chosen.year if chosen.year in years else years[0]
    service = chosen.service if chosen.service in services else None
    service_id = matching().service_id(service_name=service) if service else None

    def ask(after: After | None, limit: int) -> list[ListedClaim]:
        return disputes().claims(financial_year=year, service_id=service_id, after=after, limit=limit)

    rows, more = list_page(ask, "claims.claims_page", year=year, service=service)
    return render_list(
        LIST,
        "claims/claims.html",
        years=years,
        year=year,
        services=services,
        service=service,
        rows=name_claims(rows),
        more=more,
        tags=TAGS,
    )


def _list_of_council(chosen: Filters) -> str:
    """All providers' claims: those that wait for a decision, unless something else is chosen."""
    states = (*STATES_OF_COUNCIL, ALL)
    state = chosen.state if chosen.state in states else PENDING
    names = organisations()
    organisation = request.args.get("organisation", "").strip()
    client = request.args.get("client", "").strip()[:100] or None
    whose = id_of(gateway(), caller(), organisation) if organisation else None
    clients = identifiers_of(gateway(), caller(), client)

    def ask(after: After | None, limit: int) -> list[ListedClaim]:
        wanted = [] if state == ALL else [state]
        return disputes().claims(
            states=wanted, organisation_id=whose, clients=clients, after=after, limit=limit
        )

    rows, more = list_page(
        ask, "claims.claims_page", state=state, organisation=organisation or None, client=client
    )
    return render_list(
        LIST,
        "claims/council.html",
        rows=name_claims(rows),
        more=more,
        state=state,
        states=states,
        organisations=names,
        organisation=organisation,
        client=client,
        tags=TAGS,
    )


def _services() -> list[str]:
    return matching().care_choices()["services"]


def _years() -> list[str]:
    return views.list_financial_years(access.the_parts().clock())
