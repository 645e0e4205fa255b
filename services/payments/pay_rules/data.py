"""Pay rules as they are stored and sent: what a contract's page fills in, read into rules and back."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from libs.common.files.values import parse_time
from services.payments.pay_rules.rules import Band, PayRules, Rate, Rounding


def rules_from_data(data: Mapping[str, Any]) -> PayRules:
    """The rules that the schema ``PayRulesData`` has let in: minutes, ``HH:MM``, decimals and dates as text."""
    rounding = data["rounding"]
    return PayRules(
        bands=tuple(Band(band["first"], band["last"], band["pay"]) for band in data["bands"]),
        rounding=Rounding(rounding["minutes"], rounding["way"]) if rounding else None,
        cap=data["cap"],
        minimum=data["minimum"],
        rates=tuple(map(_rate, data["rates"])),
        special_days={date.fromisoformat(day["on"]): day["name"] for day in data["special_days"]},
    )


def _rate(row: Mapping[str, Any]) -> Rate:
    return Rate(
        day=row["day"],
        entry_from=_seconds(row["entry_from"]),
        entry_to=_seconds(row["entry_to"]),
        up_to=row["up_to"],
        unit_cost=_number(row["unit_cost"]),
        percent=_number(row["percent"]),
    )


def _seconds(clock: str | None) -> int | None:
    return None if clock is None else parse_time(clock)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
