"""Payment runs (RULES 8): finance prepares one, somebody else approves or rejects it."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any, TypedDict

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.errors import Refused
from libs.common.rights import names as rights
from libs.common.seams.payments.runs import Run
from services.portal.money.choosing import contract_chosen
from services.portal.money.periods.forms import ConfirmForm, LimitsForm, ReasonForm, RunForm, pounds_in
from services.portal.money.periods.words import REMARKS, REMARKS_OF_ALL, RUNS
from services.portal.money.runs.views import LineSeen, Runs, RunSeen, SumsSeen, last_period_of
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import gateway, payments
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.formats import counted, pounds
from services.portal.web.forms.faults import show, show_refusal
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked
from services.portal.web.words import KINDS

pages = Blueprint("payments_runs", __name__, url_prefix="/payments")

RUNS_SHOWN = 20
LIST = Listing(
    "payment run",
    "payment runs",
    rows="runs",
    method="runs",
    is_of_provider=False,
    columns={
        "Period from": "period_start",
        "Period to": "period_end",
        "Contract": lambda run, page: run["contract"] or "All",
        "State": lambda run, page: RUNS[run["state"]][0],
        "Prepared": "prepared_at",
        "Prepared by": name_from("people", "prepared_by"),
        "Decided": "decided_at",
        "Decided by": name_from("people", "decided_by"),
        "Reason": "reason",
        "Payable": "payable",
        "Last period": "last_payable",
    },
)


@also_as_csv(pages, "/runs/list.csv")
@pages.get("/runs")
@signed_in(rights.READ_RUNS)
def runs() -> ResponseReturnValue:
    place = place_of(cursor_asked(), str)
    shown = rows_wanted(RUNS_SHOWN)
    found = payments().runs(after=place[0] if place else None, limit=shown + 1)
    more = None
    if len(found) > shown:
        found = found[:shown]
        more = url_for("payments_runs.runs", cursor=cursor_of(found[-1]["run_id"]))
    return render_list(
        LIST,
        "payments/runs.html",
        runs=found,
        more=more,
        people=_people(*found),
        states=RUNS,
        is_finance=access.may(rights.PREPARE_RUNS),
        is_approver=access.may(rights.APPROVE_RUNS),
    )


@pages.route("/runs/limits", methods=["GET", "POST"])
@signed_in(rights.APPROVE_RUNS)
def limits() -> ResponseReturnValue:
    """From when on a change is large: whoever approves decides what is to be looked at."""
    found = payments().run_limits()
    form = LimitsForm(data={**found[0], "percent": Decimal(found[0]["percent"])})
    if not form.validate_on_submit():
        people = names_of(access.the_parts(), access.account(), (one["set_by"] for one in found))
        return show("payments/run_limits.html", form, limits=found, people=people)
    payments().set_run_limits(
        percent=str(form.percent.data),
        pounds=str(pounds_in(form.pounds.data)),
        adjustments=str(pounds_in(form.adjustments.data)),
    )
    flash("The limits are saved. They hold for what is prepared and adjusted from now on.")
    return redirect(url_for("payments_runs.runs"), 303)


@pages.route("/<start>/run", methods=["GET", "POST"])
@signed_in(rights.PREPARE_RUNS)
def prepare(start: str) -> ResponseReturnValue:
    page: dict[str, Any] = {"start": start, "end": period_end_of(period_start(start))}
    form = RunForm(contract=contract_chosen() or "").of(payments().contracts())
    if not form.validate_on_submit():
        return show("payments/prepare_run.html", form, **page)
    run_id = form.run_id.data
    payments().prepare_run(run_id=run_id, start=start, contract=form.contract.data or None)
    flash("The payment run is prepared. Somebody with the role of approver has to approve it.")
    return redirect(url_for("payments_runs.one", run_id=run_id), 303)


@pages.get("/runs/<uuid:run_id>")
@signed_in(rights.READ_RUNS)
def one(run_id: uuid.UUID) -> ResponseReturnValue:
    run = Runs(gateway(), caller()).describe(str(run_id))
    return render_template(
        "payments/run.html",
        run=run,
        remarks_of_all=[remark_of(name, run["in_all"], None, run) for name in run["in_all"]["remarks"]],
        remarks={
            one["organisation_id"]: [remark_of(name, one, one, run) for name in one["remarks"]]
            for one in run["organisations"]
        },
        large=[one for one in run["organisations"] if "large_change" in one["remarks"]],
        people=_people(run),
        states=RUNS,
        kinds=KINDS,
        is_own=run["prepared_by"] == str(access.account().account_id),
        may_decide=access.may(rights.APPROVE_RUNS) and run["state"] == "prepared",
        is_finance=access.may(rights.PREPARE_RUNS),
        approve=ConfirmForm(formdata=None),
    )


@pages.post("/runs/<uuid:run_id>/approve")
@signed_in(rights.APPROVE_RUNS)
def approve(run_id: uuid.UUID) -> ResponseReturnValue:
    payments().approve_run(run_id=str(run_id))
    flash("The payment run is approved. The finance system is told what to pay.")
    return redirect(url_for("payments_runs.one", run_id=run_id), 303)


@pages.route("/runs/<uuid:run_id>/reject", methods=["GET", "POST"])
@signed_in(rights.APPROVE_RUNS)
def reject(run_id: uuid.UUID) -> ResponseReturnValue:
    run = payments().payment_run(run_id=str(run_id))
    form = ReasonForm()
    if not form.validate_on_submit():
        return show("payments/reject_run.html", form, run=run)
    try:
        payments().reject_run(run_id=str(run_id), reason=form.reason.data)
    except Refused as refused:
        return show_refusal("payments/reject_run.html", form, refused, run=run)
    flash("The payment run is rejected. Whoever prepared it sees your reason.")
    return redirect(url_for("payments_runs.one", run_id=run_id), 303)


class OfRun(TypedDict):
    """What of a period a run's line is about."""

    contract: str | None
    organisation: str | None


def remark_of(name: str, sums: SumsSeen, whose: LineSeen | None, run: RunSeen) -> dict[str, str]:
    """What stands out of a line, in words, and where it is. Of all providers (None), the page of all of them."""
    organisation, start = whose["organisation"] if whose else None, run["period_start"]
    of_run: OfRun = {"contract": run["contract"], "organisation": organisation}
    items = url_for("payments.one", start=start, **of_run, _anchor="items")
    places = {
        "large_change": f"#large-{whose['organisation_id'] if whose else 'all'}",
        "fell_to_nothing": url_for("payments.one", start=last_period_of(start), **of_run),
        "holds": url_for("payments.one", start=start, **of_run, tab="non_payable"),
        "rejected": url_for("payments.one", start=start, **of_run),
        "disputes": url_for("disputes.disputes", organisation=organisation),
        "unmatched": url_for("unmatched.unmatched", organisation=organisation),
    }
    words = REMARKS if whose else REMARKS_OF_ALL
    return {"text": words_of(words[name], sums), "href": places.get(name, items)}


def words_of(words: str, one: SumsSeen) -> str:
    """What stands out of a line, with its figures."""
    return words.format(
        first_payments=counted(one["first_payments"], "first payment"),
        rejected=counted(one["rejected"], "provider"),
        lacking=pounds(one["lacking"]),
        adjustments=counted(one["adjustments"]["number"], "adjustment"),
        adjusted=pounds(one["adjustments"]["amount"]),
        holds=counted(one["holds"]["number"], "item"),
        held=pounds(one["holds"]["amount"]),
        disputes=counted(one["disputes"]["number"], "dispute"),
        disputed=pounds(one["disputes"]["amount"]),
        unmatched=counted(one["unmatched"]["number"], "visit"),
        estimated=pounds(one["unmatched"]["amount"]),
    )


def _people(*runs: Run) -> dict[str, str]:
    ids = [who for run in runs for who in (run["prepared_by"], run["decided_by"])]
    return names_of(access.the_parts(), access.account(), ids)
