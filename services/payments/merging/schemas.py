"""What callers may ask of what merging two clients moves in money."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload

MOST_WEEKS = 5_000


class MergedWeek(Payload):
    """A CPLI's week with the visits that it would have, in the form of ``weeks_matched``."""

    cpli_id = fields.Integer(required=True)
    monday = DayAround(required=True)
    visits = fields.List(
        fields.List(fields.Raw(allow_none=True), validate=validate.Length(equal=6)), required=True
    )


class MoneyOfMerge(Payload):
    """Two clients by their ids, and the weeks whose visits would be others."""

    client_id = fields.UUID(required=True)
    into_client_id = fields.UUID(required=True)
    weeks = fields.List(fields.Nested(MergedWeek), required=True, validate=validate.Length(max=MOST_WEEKS))
