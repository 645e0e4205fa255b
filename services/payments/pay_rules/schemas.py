"""What callers of payments may ask about contracts and their pay rules."""

from typing import Any

from marshmallow import ValidationError, fields, validate

from libs.common.care.days import Day
from libs.common.files.values import parse_date, parse_time
from libs.common.rpc.payloads import Payload
from services.payments.pay_rules.rules import DAY_RANKS, WAYS

MOST_ROWS = 60
MINUTES = validate.Range(0, 1440)


def a_clock_time(text: str) -> None:
    """``HH:MM``, as a visits file writes it."""
    if parse_time(text) is None:
        raise ValidationError("Not a time of day.")


def a_day(text: str) -> None:
    """``YYYY-MM-DD``."""
    day = parse_date(text)
    if day is None or day.isoformat() != text:
        raise ValidationError("Not a date.")


def _clock(**options: Any) -> fields.String:
    return fields.String(validate=a_clock_time, **options)


def _number(decimals: int, most: int) -> fields.String:
    """A decimal as text: what is stored and sent is what was written."""
    pattern = rf"[0-9]{{1,{most}}}(\.[0-9]{{1,{decimals}}})?"
    return fields.String(load_default=None, allow_none=True, validate=validate.Regexp(rf"\A{pattern}\Z"))


class BandData(Payload):
    """Minutes; ``last`` is None for *and longer*."""

    first = fields.Integer(required=True, strict=True, validate=MINUTES)
    last = fields.Integer(load_default=None, allow_none=True, strict=True, validate=MINUTES)
    pay = fields.Integer(required=True, strict=True, validate=MINUTES)


class RoundingData(Payload):
    """To so many minutes."""

    minutes = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1440))
    way = fields.String(required=True, validate=validate.OneOf(WAYS))


class RateData(Payload):
    """Pounds an hour or a percentage of the unit cost, and for which visits."""

    day = fields.String(required=True, validate=validate.OneOf(DAY_RANKS))
    entry_from = _clock(load_default=None, allow_none=True)
    entry_to = _clock(load_default=None, allow_none=True)
    up_to = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 1440))
    unit_cost = _number(decimals=9, most=6)
    percent = _number(decimals=2, most=4)


class SpecialDayData(Payload):
    """A day of the contract's own."""

    on = fields.String(required=True, validate=a_day)
    name = fields.String(required=True, validate=validate.Length(1, 60))


class PayRulesData(Payload):
    """All pay rules of a contract; what is absent is off."""

    bands = fields.List(fields.Nested(BandData), load_default=list, validate=validate.Length(max=MOST_ROWS))
    rounding = fields.Nested(RoundingData, load_default=None, allow_none=True)
    cap = fields.Integer(load_default=None, allow_none=True, strict=True, validate=MINUTES)
    minimum = fields.Integer(load_default=None, allow_none=True, strict=True, validate=MINUTES)
    rates = fields.List(fields.Nested(RateData), load_default=list, validate=validate.Length(max=MOST_ROWS))
    special_days = fields.List(
        fields.Nested(SpecialDayData), load_default=list, validate=validate.Length(max=MOST_ROWS)
    )


class OneContract(Payload):
    """A contract by its name."""

    contract = fields.String(required=True, validate=validate.Length(1, 200))


class SetPayRules(OneContract):
    """Pay rules of a contract for visits that are planned on or after a date."""

    effective_from = Day(required=True)
    rules = fields.Nested(PayRulesData, required=True)


class TryPayRules(OneContract):
    """A visit to price without storing anything; nothing delivered where both times are None."""

    planned_on = Day(required=True)
    planned_entry = _clock(required=True)
    planned_exit = _clock(required=True)
    delivered_entry = _clock(load_default=None, allow_none=True)
    delivered_exit = _clock(load_default=None, allow_none=True)
    visit_type = fields.String(required=True)
    unit_cost = fields.String(required=True, validate=validate.Regexp(r"\A[0-9]{1,6}(\.[0-9]{1,9})?\Z"))
