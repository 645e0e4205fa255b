"""What the faces may ask of payments."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload


class MatchedRefs(Payload):
    """(organisation id, VisitRef, CpliId, Monday) each."""

    visits = fields.List(
        fields.Tuple((fields.UUID(), fields.String(), fields.Integer(), fields.Date())),
        required=True,
        validate=validate.Length(max=1000),
    )


class OfContract(Payload):
    """A contract by its name; every one when None."""

    contract = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))


class PeriodOf(OfOrganisation, OfContract):
    """A payment period by its first day."""

    start = DayAround(required=True)


class ItemsPage(PeriodOf):
    """A period's items after an item; the first ones after None."""

    shown = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(("payable", "non_payable"))
    )
    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class RemittancePage(PeriodOf):
    """Lines of a period's remittance after a number of them; `summary`: one line a kind and reason."""

    summary = fields.Boolean(load_default=False)
    after = fields.Integer(load_default=0, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))
