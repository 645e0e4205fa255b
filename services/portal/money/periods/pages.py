"""Payment periods, their items with how they came about, and remittance advice (RULES 8)."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.casework.cases import ENQUIRY
from libs.common.rights import names as rights
from libs.common.seams.payments.periods import Period, PeriodAnswer
from services.portal.clients.disputes import DisputesClient
from services.portal.money.choosing import chosen, contract_chosen
from services.portal.money.periods.forms import AnswerForm
from services.portal.money.periods.rules import answering
from services.portal.money.periods.words import ANSWERING, ANSWERS, PORTIONS, STATES
from services.portal.reports.remittance import REPORT
from services.portal.reports.rendering.reporting import Reporting
from services.portal.web import access
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import gateway, organisations_question, payments
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.listing.columns import name_from
from services.portal.web.listing.lists import Listing, also_as_csv, render_list
from services.portal.web.listing.taking import rows_wanted
from services.portal.web.names.clients import client_names
from services.portal.web.names.people import names_of
from services.portal.web.paging import cursor_asked
from services.portal.web.words import KINDS

pages = Blueprint("payments", __name__, url_prefix="/payments")

ITEMS_SHOWN = 50
PERIODS = Listing(
    "payment period",
    "payment periods",
    rows="periods",
    is_of_provider=False,
    columns={
        "Period from": "start",
        "Period to": "end",
        "Financial year": "financial_year",
        "State": "state",
        "Items": "items",
        "Cost": "payable",
        "Deductions": "deductions",
        "Payable": "total",
        "Non-payable": "non_payable",
    },
)
ITEMS = Listing(
    "item of this period",
    "items of this period",
    rows="items",
    method="payment_items",
    columns={
        "Client": "client",
        "Client name": name_from("names", "client"),
        "Line item": "cpli_id",
        "Week from": "week",
        "Provider": "organisation",
        "Contract": "contract",
        "Kind": lambda row, page: KINDS.get(row["kind"], row["kind"]),
        "Reason": "reason",
        "Posted": "posted_at",
        "Posted amount": "posted_amount",
        "Payable": "payable_amount",
        "Non-payable": "non_payable_amount",
        "Held because": lambda row, page: row["hold"]["reason"] if row["hold"] else "",
    },
)
TABS = {"payable": "Payable", "non_payable": "Non-payable"}


@also_as_csv(pages)
@pages.get("")
@signed_in(rights.READ_PAYMENTS)
def periods() -> ResponseReturnValue:
    contract = contract_chosen()
    client = payments()
    listed, debts, contracts = gateway().all_three(
        lambda: client.payment_periods(contract=contract), client.debt_sums, client.contracts
    )
    found = listed[::-1]
    years = list(dict.fromkeys(period["financial_year"] for period in found))
    year = request.args.get("year", newest_year(found))
    return render_list(
        PERIODS,
        "payments/periods.html",
        periods=[period for period in found if year in ("", period["financial_year"])],
        years=years,
        year=year,
        contracts=contracts,
        contract=contract,
        states=STATES,
        debts=debts,
    )


@also_as_csv(pages, "/<start>/items.csv")
@pages.get("/<start>")
@signed_in(rights.READ_PAYMENTS)
def one(start: str) -> ResponseReturnValue:
    which = chosen(start)
    tab = request.args.get("tab", "payable")
    if tab not in TABS:
        abort(404)
    place = place_of(cursor_asked(), str)
    client, after, shown = payments(), place[0] if place else None, rows_wanted(ITEMS_SHOWN)
    items, period, answers, providers = gateway().all_four(
        lambda: client.payment_items(**which, shown=tab, after=after, limit=shown + 1),
        lambda: client.payment_period(**which),
        lambda: client.period_answers(start=start, organisation=which["organisation"]),
        organisations_question(),
    )
    more = None
    if len(items) > shown:
        items = items[:shown]
        more = url_for("payments.one", **which, tab=tab, cursor=cursor_of(items[-1]["item_id"]))
    is_finance = access.may(rights.FINALISE_PERIODS)
    return render_list(
        ITEMS,
        "payments/period.html",
        which=which,
        start=start,
        end=period_end_of(period_start(start)),
        period=period,
        tab=tab,
        tabs=TABS,
        items=items,
        names=client_names(gateway(), caller(), (item["client"] for item in items)),
        more=more,
        organisations=providers,
        kinds=KINDS,
        portions=PORTIONS,
        states=STATES,
        is_finance=is_finance,
        may_hold=is_finance and period["state"] != "finalised" and tab == "payable",
        answers=answers,
        enquiries=_enquiries(answers),
        people=names_of(access.the_parts(), access.account(), [one["answered_by"] for one in answers]),
        answer_words=ANSWERS,
        answering=answering(answers[0] if answers else None, which["contract"]),
        answering_words=ANSWERING,
        confirm=AnswerForm(formdata=None, payable=period["total"]),
    )


@pages.get("/<start>/remittance")
@signed_in(rights.READ_PAYMENTS)
def remittance(start: str) -> ResponseReturnValue:
    which, first = chosen(start), period_start(start)
    return _remittance(start).on_screen(which=which, start=start, end=period_end_of(first))


@pages.get("/<start>/remittance.csv")
@signed_in(rights.READ_PAYMENTS)
def remittance_csv(start: str) -> ResponseReturnValue:
    return _remittance(start).as_csv()


@pages.get("/<start>/remittance.pdf")
@signed_in(rights.READ_PAYMENTS)
def remittance_pdf(start: str) -> ResponseReturnValue:
    return _remittance(start).as_pdf()


def newest_year(found: list[Period]) -> str:
    """The financial year of the newest period with items; of the newest one where none has."""
    with_items = [period for period in found if period["items"]] or found
    return with_items[0]["financial_year"] if with_items else ""


def _enquiries(answers: list[PeriodAnswer]) -> list[str]:
    """The rejections that are enquiries by now: each has the id of the answer."""
    ids = [one["answer_id"] for one in answers if one["answer"] == "rejected"]
    if not ids:
        return []
    client = DisputesClient(gateway(), caller(), is_quick=True)
    found = gateway().answers_by_now({"known": lambda: client.known_cases(kind=ENQUIRY, case_ids=ids)})
    return found.get("known", [])


def _remittance(start: str) -> Reporting:
    """The report on remittances, of the period that the address names."""

    def address(ending: str, **query: Any) -> str:
        return url_for(f"payments.remittance{ending.replace('.', '_')}", start=start, **query)

    first = period_start(start).isoformat()
    return Reporting(REPORT, address, {"period": first}, "payments/remittance.html")
