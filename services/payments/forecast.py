"""The forecast's last step (RULES 4): what the weeks that a checked file touches would pay more or less."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from libs.common.messages import Message
from libs.common.money import NOTHING, pounds_text
from libs.common.objects import read_object
from libs.common.outbox import emit
from services.payments import store_packages
from services.payments.rules import Price, VisitType, price_week
from services.payments.store import paid_visit
from services.payments.store_packages import StoredPackage


def forecast_payable(session: Session, message: Message) -> None:
    """``weeks_forecast``: price each week as it is and as it would be; say the difference in pounds."""
    weeks = json.loads(read_object(message.body["object_key"]))
    packages = store_packages.packages(session, {week["cpli_id"] for week in weeks})
    types = store_packages.visit_types(session)
    payable = NOTHING
    for week in weeks:
        package = packages.get(week["cpli_id"])
        if package is not None:
            payable += (
                priced(week["after"], package, types).payable - priced(week["before"], package, types).payable
            )
    body = {name: message.body[name] for name in ("file_id", "check_version")} | {
        "payable": pounds_text(payable)
    }
    emit(session, "file_forecast", body, cause_id=message.cause_id)


def priced(visits: Sequence[Any], package: StoredPackage, types: Mapping[str, VisitType]) -> Price:
    """The price of visits in the form of ``weeks_matched``."""
    return price_week(map(paid_visit, visits), package.terms, types)
