"""What may be asked of payments about periods."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload


class OfContract(Payload):
    """A contract by its name; every one when None."""

    contract = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))


class PeriodOf(OfOrganisation, OfContract):
    """A payment period by its first day."""

    start = DayAround(required=True)


class AnswerPeriod(Payload):
    """A provider's answer about a period's payment; `payable`: what it was shown."""

    start = DayAround(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(("confirmed", "rejected")))
    reason = fields.String(load_default="", validate=validate.Length(max=1000))
    payable = fields.String(required=True, validate=validate.Length(max=30))


class PeriodAnswers(OfOrganisation):
    """The answers about a period."""

    start = DayAround(required=True)


class WeeksPage(Payload):
    """A page of weeks in money, after a CPLI and Monday."""

    cpli_id = fields.Integer(load_default=-1)
    monday = DayAround(load_default="0001-01-01")
    limit = fields.Integer(load_default=5000, validate=validate.Range(1, 5000))


MOST_WEEKS = 54


class Weeks(Payload):
    """The weeks from that of one day to that of another."""

    first = DayAround(required=True)
    last = DayAround(required=True)

    @validates_schema
    def is_bounded(self, data: dict, **_: object) -> None:
        """A year of weeks, and those that it begins and ends in."""
        if not 0 <= (data["last"] - data["first"]).days < MOST_WEEKS * 7:
            raise ValidationError(f"Ask for at most {MOST_WEEKS} weeks, from the first day on.")
