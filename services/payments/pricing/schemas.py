"""What may be asked of payments about what visits and weeks pay."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload


class MatchedRefs(Payload):
    """(organisation id, VisitRef, CpliId, Monday) each."""

    visits = fields.List(
        fields.Tuple((fields.UUID(), fields.String(), fields.Integer(), fields.Date())),
        required=True,
        validate=validate.Length(max=1000),
    )


class MoneyAtStake(MatchedRefs):
    """Visits, and whole weeks as (CpliId, Monday) each."""

    weeks = fields.List(
        fields.Tuple((fields.Integer(), fields.Date())), required=True, validate=validate.Length(max=1000)
    )
