"""What the faces may ask of payments."""

from marshmallow import fields, validate

from libs.common.payloads import OfOrganisation, Payload


class MatchedRefs(Payload):
    """(organisation id, VisitRef, CpliId, Monday) each."""

    visits = fields.List(
        fields.Tuple((fields.UUID(), fields.String(), fields.Integer(), fields.Date())),
        required=True,
        validate=validate.Length(max=1000),
    )


class PeriodOf(OfOrganisation):
    """A payment period by its first day."""

    start = fields.Date(required=True)


class ItemsPage(PeriodOf):
    """A period's items after an item; the first ones after None."""

    after = fields.UUID(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class RemittancePage(PeriodOf):
    """Lines of a period's remittance after a number of them."""

    after = fields.Integer(load_default=0, validate=validate.Range(min=0))
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 5000))
