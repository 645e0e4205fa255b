"""What reports and charge pages may ask of payments."""

from marshmallow import fields, validate, validates_schema
from marshmallow.exceptions import ValidationError

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.payments.periods.schemas_views import PeriodOf

MOST_CPLIS = 1000
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


class CommissionedActuals(Weeks):
    """Weeks of these CPLIs; with those without an actual, or not."""

    with_empty = fields.Boolean(load_default=False)
    cpli_ids = fields.List(fields.Integer(), required=True, validate=validate.Length(max=MOST_CPLIS))
    differences_only = fields.Boolean(load_default=False)


class WeeklyHours(Weeks, OfOrganisation):
    """Sums over these CPLIs, or over all; with weeks without an actual, or not."""

    with_empty = fields.Boolean(load_default=False)
    cpli_ids = fields.List(
        fields.Integer(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_CPLIS)
    )


class PaymentExceptions(PeriodOf):
    """Exceptions of a period, of a contract or of all, after an item."""

    contract = fields.String(load_default=None, allow_none=True)
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ChargedClients(Payload):
    """Clients with charges in a period, of one reference or of all, after a (reference, client id)."""

    start = DayAround(required=True)
    client = fields.String(load_default=None, allow_none=True)
    after = fields.Tuple((fields.String(), fields.UUID()), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ChargedClient(Payload):
    """A client by the id that services know it by."""

    client_id = fields.UUID(required=True)


class ChargeStatement(ChargedClient, Weeks):
    """A client's weeks."""


_WORDS = validate.Length(1, 4000)


class ChargeQuery(ChargedClient):
    """A query of a client's charges, of one week or of all."""

    monday = DayAround(load_default=None, allow_none=True)
    asked_by = fields.String(required=True, validate=validate.Length(1, 200))
    words = fields.String(required=True, validate=_WORDS)


class ChargeAnswer(ChargedClient):
    """An answer to a query."""

    query_id = fields.UUID(required=True)
    words = fields.String(required=True, validate=_WORDS)
