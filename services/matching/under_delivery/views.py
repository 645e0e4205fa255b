"""Consistent under-delivery as matching answers it (RULES 16)."""

import datetime as dt
import uuid
from collections.abc import Iterator
from fractions import Fraction

from sqlalchemy.orm import Session

from libs.common.care.clock import london_day
from libs.common.care.weeks import monday_of
from libs.common.files.values import FIRST_DAY
from libs.common.rpc import Caller
from libs.common.seams.matching.monitoring.measures import CpliDelivery, DeliveryPage
from services.matching.measured_visits.store import client_references
from services.matching.measures import store as measures_store
from services.matching.measures.figures import two_decimals
from services.matching.measures.thresholds import ThresholdsOn, by_day
from services.matching.organisations.views import limit_to_organisation
from services.matching.stale_weeks import store as stale_weeks
from services.matching.under_delivery import store
from services.matching.under_delivery.rules import Delivery, judge_delivery, whole_weeks

CPLIS_IN_AN_ANSWER = 500
"""Once so many CPLIs are looked at no further organisation is begun: other callers wait meanwhile."""


def under_delivery(
    session: Session, caller: Caller, now: dt.datetime, *, organisation: str | None, after: uuid.UUID | None
) -> DeliveryPage:
    """CPLIs of which less or more is delivered than commissioned, of one organisation or some of all.

    Raises Refused ``not_found``.
    """
    organisation_id = limit_to_organisation(session, caller, organisation)
    is_provider = caller["organisation"] is not None
    # a week that is not over yet is not whole
    until = monday_of(london_day(now)) - dt.timedelta(days=1)
    thresholds_on = by_day(measures_store.thresholds(session))
    page: DeliveryPage = {"items": [], "after": None}
    looked_at = 0
    organisations = measures_store.organisations_after(
        session, organisation_id, str(after) if after else None
    )
    for one, name in organisations:
        if looked_at >= CPLIS_IN_AN_ANSWER:
            return with_clients(session, page)
        for cpli_id, delivery in of_organisation(session, one, until, thresholds_on):
            looked_at += 1
            if delivery is not None:
                document = delivery_document(cpli_id, name, delivery, is_provider=is_provider)
                page["items"].append(document)
        page["after"] = one
    page["after"] = None
    return with_clients(session, page)


def with_clients(session: Session, page: DeliveryPage) -> DeliveryPage:
    """With the reference by which each line item's client is shown."""
    clients = client_references(session, [item["cpli_id"] for item in page["items"]])
    for item in page["items"]:
        item["client"] = clients.get(item["cpli_id"], "")
    return page


def of_organisation(
    session: Session, organisation_id: str, until: dt.date, thresholds_on: ThresholdsOn
) -> Iterator[tuple[int, Delivery | None]]:
    """What is to be said of each CPLI whose visits are expected, by CpliId."""
    stale = stale_weeks.stale_weeks(session, [organisation_id], FIRST_DAY, until).get(organisation_id, [])
    sent = store.weeks_sent(session, organisation_id, until, stale)
    care = measures_store.measured_care(session, organisation_id, FIRST_DAY, until)
    plans = {cpli_id: one.plan for cpli_id, one in sorted(care.items()) if one.is_expected}
    weeks = {cpli_id: whole_weeks(plan, sent, thresholds_on) for cpli_id, plan in plans.items()}
    looked_at = {monday for of in weeks.values() for monday in of}
    seconds = store.seconds_by_week(session, organisation_id, looked_at, stale)
    for cpli_id, plan in plans.items():
        yield cpli_id, judge_delivery(plan, weeks[cpli_id], seconds.get(cpli_id, {}), thresholds_on)


def delivery_document(
    cpli_id: int, organisation: str, delivery: Delivery, *, is_provider: bool
) -> CpliDelivery:
    """A CPLI's delivery, rounded once; the client's reference is written later. What is saved is the council's."""
    mean = sum((week.hours for week in delivery.weeks), Fraction(0)) / len(delivery.weeks)
    return {
        "cpli_id": cpli_id,
        "organisation": organisation,
        "client": "",
        "direction": delivery.direction,
        "commissioned_hours": two_decimals(delivery.commissioned),
        "delivered_hours": two_decimals(mean),
        "median_hours": two_decimals(delivery.median),
        "saving_a_year": None if is_provider else two_decimals(delivery.saving),
        "client_saving_a_year": None if is_provider else two_decimals(delivery.client_saving),
        "weeks": [
            {"monday": week.monday.isoformat(), "hours": two_decimals(week.hours)} for week in delivery.weeks
        ],
    }
