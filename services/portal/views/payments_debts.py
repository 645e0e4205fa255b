"""Debts of providers, for both sides: what was below nothing, what came off, what is still owed (RULES 8)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from libs.common.money import NOTHING, pounds_text
from libs.common.weeks import period_end_of
from services.portal import access, rules
from services.portal.access import signed_in
from services.portal.views.asking import READERS, ask_with_organisations, organisation_chosen
from services.portal.views.payments import day_of

pages = Blueprint("payments_debts", __name__, url_prefix="/payments")


@pages.get("/debts")
@signed_in(*READERS)
def debts() -> ResponseReturnValue:
    chosen = {"organisation": organisation_chosen()}
    (found,), providers = ask_with_organisations(("payments", "debts", chosen))
    for debt in found:
        debt["arose_until"] = period_end_of(day_of(debt["arose_in"]))
    return render_template(
        "payments/debts.html",
        debts=found,
        chosen=chosen,
        organisations=providers,
        balance=owed_in_all(found),
        is_finance=rules.is_among(access.account().role, ("finance",)),
    )


def owed_in_all(found: list[dict[str, Any]]) -> str:
    """What is still owed of these debts, in pounds."""
    return pounds_text(sum((Decimal(debt["owed"]) for debt in found), NOTHING))
