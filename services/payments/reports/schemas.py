"""What may be asked of payments by reports."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfOrganisation, OfPaymentMethod
from services.payments.periods.schemas import PeriodOf, Weeks

MOST_CPLIS = 1000


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


class PaymentExceptions(PeriodOf, OfPaymentMethod):
    """Exceptions of a period, of a contract or of all, after an item."""

    contract = fields.String(load_default=None, allow_none=True)
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
