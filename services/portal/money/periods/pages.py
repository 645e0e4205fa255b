"""Payment periods, their items with how they came about, and remittance advice (RULES 8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.money import NOTHING, pounds_text
from libs.common.care.weeks import period_end_of
from services.portal.accounts import rules as accounts_rules
from services.portal.money.periods.forms import AnswerForm
from services.portal.money.periods.remittance import (
    Remittance,
    remittance_csv,
    remittance_of,
    remittance_page,
    remittance_pdf,
)
from services.portal.money.periods.words import ANSWERS, PORTIONS, STATES
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import (
    READERS,
    ask,
    ask_with_organisations,
    caller,
    gateway,
    organisation_chosen,
    organisations,
)
from services.portal.web.client_names import client_names
from services.portal.web.cursors import cursor_of, place_of
from services.portal.web.people import names_of
from services.portal.web.words import KINDS

pages = Blueprint("payments", __name__, url_prefix="/payments")

ITEMS_SHOWN, LINES_SHOWN = 50, 100
TABS = {"payable": "Payable", "non_payable": "Non-payable"}


@pages.get("")
@signed_in(*READERS)
def periods() -> ResponseReturnValue:
    contract = contract_chosen()
    listed, debts = gateway().ask_at_once(
        caller(),
        ("payments", "payment_periods", {"contract": contract}),
        ("payments", "debts", {}),
    )
    found = listed[::-1]
    years = list(dict.fromkeys(period["financial_year"] for period in found))
    year = request.args.get("year", newest_year(found))
    return render_template(
        "payments/periods.html",
        periods=[period for period in found if year in ("", period["financial_year"])],
        years=years,
        year=year,
        contracts=ask("payments", "contracts"),
        contract=contract,
        states=STATES,
        debts=debts,
        owed=pounds_text(sum((Decimal(debt["owed"]) for debt in debts), NOTHING)),
    )


@pages.get("/<start>")
@signed_in(*READERS)
def one(start: str) -> ResponseReturnValue:
    which = chosen(start)
    tab = request.args.get("tab", "payable")
    if tab not in TABS:
        abort(404)
    place = place_of(request.args.get("cursor"), str)
    wanted = {"shown": tab, "after": place[0] if place else None, "limit": ITEMS_SHOWN + 1}
    (items, period, answers), providers = ask_with_organisations(
        ("payments", "payment_items", which | wanted),
        ("payments", "payment_period", which),
        ("payments", "period_answers", {"start": start, "organisation": which["organisation"]}),
    )
    more = None
    if len(items) > ITEMS_SHOWN:
        items = items[:ITEMS_SHOWN]
        more = url_for("payments.one", **which, tab=tab, cursor=cursor_of(items[-1]["item_id"]))
    is_finance = accounts_rules.is_among(access.account().role, ("finance",))
    return render_template(
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
        confirm=AnswerForm(formdata=None, payable=period["total"]),
    )


@pages.get("/<start>/remittance")
@signed_in(*READERS)
def remittance(start: str) -> ResponseReturnValue:
    which, is_summary = chosen(start), "summary" in request.args
    place = place_of(request.args.get("cursor"), int)
    after = place[0] if place else 0
    found = remittance_page(
        gateway(), caller(), **which, is_summary=is_summary, after=after, limit=LINES_SHOWN + 1
    )
    more = None
    if len(found.lines) > LINES_SHOWN:
        found.lines.pop()
        as_shown: dict[str, Any] = which | {"summary": "yes" if is_summary else None}
        more = url_for("payments.remittance", **as_shown, cursor=cursor_of(after + LINES_SHOWN))
    return render_template(
        "payments/remittance.html",
        more=more,
        which=which,
        start=start,
        end=period_end_of(period_start(start)),
        remittance=found,
        is_summary=is_summary,
        organisations=organisations(),
        kinds=KINDS,
    )


@pages.get("/<start>/remittance.csv")
@signed_in(*READERS)
def remittance_as_csv(start: str) -> ResponseReturnValue:
    found = _remittance(chosen(start), "summary" in request.args)
    return download(remittance_csv(found), f"remittance-{start}.csv", "text/csv; charset=utf-8")


@pages.get("/<start>/remittance.pdf")
@signed_in(*READERS)
def remittance_as_pdf(start: str) -> ResponseReturnValue:
    first = period_start(start)
    content = remittance_pdf(
        first, period_end_of(first), _remittance(chosen(start), "summary" in request.args)
    )
    return download(content, f"remittance-{start}.pdf", "application/pdf")


def newest_year(found: list[dict[str, Any]]) -> str:
    """The financial year of the newest period with items; of the newest one where none has."""
    with_items = [period for period in found if period["items"]] or found
    return str(with_items[0]["financial_year"]) if with_items else ""


def chosen(start: str) -> dict[str, Any]:
    """The period and what of it somebody looks at: a provider's, a contract's, or all."""
    period_start(start)
    return {"start": start, "organisation": organisation_chosen(), "contract": contract_chosen()}


def contract_chosen() -> str | None:
    """The contract that is looked at (`?contract=NAME`); None for all."""
    return request.args.get("contract", "").strip() or None


def _enquiries(answers: list[dict[str, Any]]) -> list[str]:
    """The rejections that are enquiries by now: each has the id of the answer."""
    ids = [one["answer_id"] for one in answers if one["answer"] == "rejected"]
    if not ids:
        return []
    found = gateway().ask_together(("disputes",), "known_cases", caller(), kind="enquiry", case_ids=ids)
    return list(found.get("disputes", []))


def _remittance(which: dict[str, Any], is_summary: bool) -> Remittance:
    return remittance_of(gateway(), caller(), **which, is_summary=is_summary)


def download(content: str | bytes, name: str, content_type: str) -> Response:
    return Response(
        content, 200, {"Content-Disposition": f"attachment; filename={name}"}, content_type=content_type
    )
