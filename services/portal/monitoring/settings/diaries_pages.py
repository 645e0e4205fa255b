"""One diary: contracts and line items that are monitored by total hours (RULES 16)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from libs.common.care.names import fold
from libs.common.rights import names as rights
from services.portal.audit.telling import tell
from services.portal.monitoring.settings.forms import OneDiaryForm
from services.portal.web import access
from services.portal.web.access import signed_in
from services.portal.web.calls import gateway, matching, payments
from services.portal.web.names.people import names_of

pages = Blueprint("one_diaries", __name__, url_prefix="/one-diaries")


@pages.get("")
@signed_in(rights.SET_MEASURES)
def listed() -> ResponseReturnValue:
    """Every contract, whether it is one diary, and the line items of which it is said themselves."""
    client, money = matching(), payments()
    said, contracts = gateway().both(client.one_diaries, money.contracts)
    of_contracts = {one["contract"]: one for one in said if one["contract"] is not None}
    return render_template(
        "monitoring/one_diaries.html",
        contracts=[(name, of_contracts.get(fold(name))) for name in contracts],
        line_items=[one for one in said if one["cpli_id"] is not None],
        people=names_of(access.the_parts(), access.account(), (one["set_by"] for one in said)),
        press=OneDiaryForm(formdata=None),
    )


@pages.post("/contracts/<path:contract>")
@signed_in(rights.SET_MEASURES)
def set_contract(contract: str) -> ResponseReturnValue:
    form = OneDiaryForm()
    back = url_for("one_diaries.listed")
    if form.validate_on_submit():
        is_one_diary = form.is_one_diary.data == "y"
        matching().set_one_diary(contract=contract, is_one_diary=is_one_diary)
        tell(contract=contract, outcome=_outcome(is_one_diary))
        flash(f"{contract} is {_outcome(is_one_diary)}.")
    return redirect(back, 303)


@pages.post("/line-items/<int:cpli_id>")
@signed_in(rights.SET_MEASURES)
def set_line_item(cpli_id: int) -> ResponseReturnValue:
    form = OneDiaryForm()
    if form.validate_on_submit():
        is_one_diary = form.is_one_diary.data == "y"
        matching().set_one_diary(cpli_id=min(cpli_id, 2**63 - 1), is_one_diary=is_one_diary)
        tell(outcome=_outcome(is_one_diary))
        flash(f"Care package line item {cpli_id} is {_outcome(is_one_diary)}.")
    return redirect(url_for("care.line_item", cpli_id=cpli_id), 303)


def _outcome(is_one_diary: bool) -> str:
    return "monitored by total hours" if is_one_diary else "monitored visit by visit"
