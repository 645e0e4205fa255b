"""One-off claims: listed by financial year and service, begun, looked at, submitted (RULES 10)."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.errors import Refused
from services.portal.accounts import rules as accounts_rules
from services.portal.casework.cases.views import KEPT_ALL_THE_SAME, named
from services.portal.casework.cases.views import say as say_in
from services.portal.casework.claims import views
from services.portal.casework.claims.forms import DecisionForm, NewClaimForm, StepForm, a_uuid
from services.portal.casework.claims.views import STATES
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import READERS, ask, caller, gateway, is_council, organisations
from services.portal.web.cursors import cursor_of, moment_and_id
from services.portal.web.form_faults import show
from services.portal.web.organisations import id_of
from services.portal.web.people import names_of

pages = Blueprint("claims", __name__, url_prefix="/claims")

SHOWN = 50
DECIDERS = ("finance",)
VERBS = {
    "submit": "submitted the claim",
    "accept": "accepted the claim",
    "reject": "rejected the claim",
    "cancel": "cancelled the claim",
}
TAGS = {
    "Unsubmitted": "grey",
    "Pending": "yellow",
    "Accepted": "green",
    "Rejected": "red",
    "Cancelled": "grey",
}

Row = dict[str, Any]


@pages.get("")
@signed_in(*READERS)
def claims_page() -> ResponseReturnValue:
    chosen = {name: request.args.get(name, "").strip()[:200] or None for name in ("year", "service", "state")}
    return _of_the_council(chosen) if is_council() else _of_a_provider(chosen)


@pages.route("/new", methods=["GET", "POST"])
@signed_in("provider")
def new() -> ResponseReturnValue:
    form = NewClaimForm(service=request.args.get("service"), financial_year=request.args.get("year"))
    form.among(_services(), _years())
    if not form.validate_on_submit():
        return show("claims/new.html", form)
    claim_id = uuid.UUID(form.claim_id.data)
    words = (form.words.data or "").strip()
    about = {"service": form.service.data, "year": form.financial_year.data, "words": words}
    views.begin(gateway(), caller(), claim_id, **about)
    flash("The claim is begun. Add a client item for each client, then submit it.")
    return _back(claim_id)


@pages.get("/<uuid:claim_id>")
@signed_in(*READERS)
def one(claim_id: uuid.UUID) -> ResponseReturnValue:
    return page(found(claim_id), DecisionForm(formdata=None))


@pages.post("/<uuid:claim_id>/submit")
@signed_in("provider")
def submit(claim_id: uuid.UUID) -> ResponseReturnValue:
    form = StepForm()
    message_id = uuid.UUID(a_uuid(form.message_id.data))
    said = views.submit(gateway(), caller(), claim_id, message_id=message_id)
    if said["state"] == "Rejected":
        flash("The claim was rejected automatically: the reason stands below.")
    else:
        flash("The claim is submitted. The council looks at it, and you see here what it decides.")
    return _back(claim_id)


@pages.post("/<uuid:claim_id>/cancel")
@signed_in("provider")
def cancel(claim_id: uuid.UUID) -> ResponseReturnValue:
    ask("disputes", "cancel_claim", claim_id=str(claim_id), message_id=a_uuid(StepForm().message_id.data))
    flash("The claim is cancelled.")
    return redirect(url_for("claims.claims_page"), 303)


@pages.post("/<uuid:claim_id>/notes")
@signed_in("provider", *DECIDERS)
def note(claim_id: uuid.UUID) -> ResponseReturnValue:
    """Words alone, or (finance) with a decision, by the button that was pressed."""
    claim, form = found(claim_id), DecisionForm()
    move = request.form.get("move", "")
    form.needs_words = move in ("", "reject")
    if not form.validate_on_submit():
        return page(claim, form)
    if not move:
        say_in("claim", claim_id, form, "")
        flash("Your note is kept.")
        return _back(claim_id)
    return _decided(claim, form, move)


def _decided(claim: Row, form: DecisionForm, move: str) -> ResponseReturnValue:
    if not accounts_rules.is_among(access.account().role, DECIDERS) or move not in ("accept", "reject"):
        raise Refused("not_allowed", "You can’t do this.")
    try:
        decided = views.decide(
            gateway(),
            caller(),
            claim,
            move=move,
            message_id=form.id_of_message(),
            seen=form.seen.data or None,
            **form.said(),
        )
    except Refused as refused:
        if refused.code in ("not_found", "not_allowed"):
            raise
        form.words.errors = [refused.message]
        return page(found(uuid.UUID(claim["case_id"])), form)
    if decided["is_moved"]:
        views.tell(access.the_parts(), claim, decided["state"], form.id_of_message())
        flash(f"The claim is {decided['state'].lower()}, and the provider is told.")
    else:
        flash(KEPT_ALL_THE_SAME)
    return _back(uuid.UUID(claim["case_id"]))


def found(claim_id: uuid.UUID) -> Row:
    """A claim with what it is worth today, and with names. Raises Refused ``not_found``."""
    claim = views.claim(gateway(), caller(), claim_id)
    claim["messages"] = [one for one in claim["messages"] if one["words"] or one["move"]]
    versions = [version for item in claim["items"] for version in item["history"]]
    who = [
        claim["opened_by"],
        *(one["said_by"] for one in claim["messages"]),
        *(v["changed_by"] for v in versions),
    ]
    claim["people"] = names_of(access.the_parts(), access.account(), who)
    named([claim])
    for item, row in zip(claim["items"], named([dict(item) for item in claim["items"]]), strict=True):
        item["client"] = row["client"]
    return claim


def page(claim: Row, form: DecisionForm) -> ResponseReturnValue:
    """The claim, with a form that was sent or that can be."""
    form.renewed()
    form.seen.data = claim["seen"]
    may_decide = is_council() and accounts_rules.is_among(access.account().role, DECIDERS)
    return show(
        "claims/claim.html",
        form,
        claim=claim,
        verbs=VERBS,
        tags=TAGS,
        step=StepForm(formdata=None, message_id=a_uuid(None)),
        may_edit="submit" in claim["allowed"] and not is_council(),
        may_decide=may_decide and "accept" in claim["allowed"],
        may_say=may_decide or not is_council(),
    )


def _of_a_provider(chosen: Row) -> ResponseReturnValue:
    """[003]: the financial year and the services on the left, and the claims of what is chosen."""
    years, services = _years(), _services()
    year = chosen["year"] if chosen["year"] in years else years[0]
    service = chosen["service"] if chosen["service"] in services else None
    service_id = service and ask("matching", "service_id", service_name=service)
    rows, more = _page({"financial_year": year, "service_id": service_id}, year=year, service=service)
    return render_template(
        "claims/claims.html",
        years=years,
        year=year,
        services=services,
        service=service,
        rows=rows,
        more=more,
        tags=TAGS,
    )


def _of_the_council(chosen: Row) -> ResponseReturnValue:
    """All providers' claims: those that wait for a decision, unless something else is chosen."""
    state = chosen["state"] if chosen["state"] in (*STATES[1:4], "All") else "Pending"
    names = organisations()
    organisation = request.args.get("organisation", "").strip()
    wanted: Row = {"states": [] if state == "All" else [state]}
    if organisation:
        wanted["organisation_id"] = id_of(gateway(), caller(), organisation)
    rows, more = _page(wanted, state=state, organisation=organisation or None)
    return render_template(
        "claims/council.html",
        rows=rows,
        more=more,
        state=state,
        states=(*STATES[1:4], "All"),
        organisations=names,
        organisation=organisation,
        tags=TAGS,
    )


def _page(wanted: Row, **query: Any) -> tuple[list[Row], str | None]:
    """Claims after the cursor, and where the list goes on."""
    place = moment_and_id(request.args.get("cursor"))
    after = [place[0].isoformat(), str(place[1])] if place else None
    rows: list[Row] = ask("disputes", "claims", **wanted, after=after, limit=SHOWN + 1)
    more = None
    if len(rows) > SHOWN:
        rows = rows[:SHOWN]
        cursor = cursor_of(rows[-1]["opened_at"], rows[-1]["case_id"])
        more = url_for("claims.claims_page", **query, cursor=cursor)
    return views.with_service_names(gateway(), caller(), named(rows)), more


def _services() -> list[str]:
    return list(ask("matching", "care_choices")["services"])


def _years() -> list[str]:
    return views.financial_years(access.the_parts().clock())


def _back(claim_id: uuid.UUID) -> ResponseReturnValue:
    return redirect(url_for("claims.one", claim_id=claim_id), 303)
