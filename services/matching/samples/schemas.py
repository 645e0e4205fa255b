"""What may be asked of matching about samples."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation
from services.matching.samples.rules import MOST_PICKED, WAYS


class SampleOfWeek(OfOrganisation):
    """A week, and how to pick: a share in percent by a seed, or so many."""

    monday = DayAround(required=True)
    way = fields.String(required=True, validate=validate.OneOf(WAYS))
    size = fields.Integer(required=True, validate=validate.Range(1, MOST_PICKED))
    seed = fields.String(load_default="", validate=validate.Length(max=50))
