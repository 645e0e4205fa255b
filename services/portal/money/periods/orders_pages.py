"""Purchase orders of a period: viewed, and downloaded as CSV."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from libs.common.care.weeks import period_end_of
from libs.common.rights import names as rights
from services.portal.money.periods.orders import Order, orders_csv, purchase_orders
from services.portal.web.access import caller, signed_in
from services.portal.web.addresses import period_start
from services.portal.web.calls import (
    gateway,
    is_council,
    organisation_chosen,
    organisations,
    payments,
)
from services.portal.web.downloads.files import csv_for_people, name_of_period
from services.portal.web.downloads.owners import today, whose_name

pages = Blueprint("payments_orders", __name__, url_prefix="/payments")


@pages.get("/<start>/purchase-orders")
@signed_in(rights.READ_PAYMENTS)
def orders(start: str) -> ResponseReturnValue:
    found = _orders(start)
    number = request.args.get("order")
    chosen = next((order for order in found if order.number == number), None)
    if number and chosen is None:
        abort(404)
    page: dict[str, Any] = {"start": start, "end": period_end_of(period_start(start))}
    page |= {"organisation": organisation_chosen(), "organisations": organisations()}
    return render_template("payments/orders.html", orders=found, order=chosen, **page)


@pages.get("/<start>/purchase-orders.csv")
@signed_in(rights.READ_PAYMENTS)
def orders_as_csv(start: str) -> ResponseReturnValue:
    name = name_of_period(
        "purchase-orders", "csv", period_start(start), whose_name(organisation_chosen()), today()
    )
    return csv_for_people(orders_csv(_orders(start)), name)


def _orders(start: str) -> list[Order]:
    """The orders of a provider: the council says of which one, and sees none before."""
    first = period_start(start)
    payments().payment_period(start=start)  # whether a period starts then is for payments to say
    organisation = organisation_chosen()
    if is_council() and organisation is None:
        return []
    return purchase_orders(gateway(), caller(), first, organisation)
