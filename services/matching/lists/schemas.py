"""What callers of matching may ask of the lists that the council changes."""

from marshmallow import fields, validate

from libs.common.care.days import Day
from libs.common.rpc.payloads import Payload

A_NAME = validate.Length(1, 100)


class SaveServiceLevel(Payload):
    """A service level; ``key`` is that of the one to change, None to add one."""

    key = fields.String(load_default=None, allow_none=True)
    name = fields.String(required=True, validate=A_NAME)
    ref = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 50))
    requires_visits = fields.Boolean(required=True)
    aliases = fields.List(fields.String(validate=A_NAME), load_default=list, validate=validate.Length(max=50))


class ProposeVisitType(Payload):
    """A visit type by its ref, from a planned date on; ``basis`` is empty for neither time."""

    ref = fields.String(required=True)
    effective_from = Day(required=True)
    paid = fields.Boolean(required=True)
    charged = fields.Boolean(required=True)
    basis = fields.String(required=True, validate=validate.OneOf(("delivered", "planned", "")))
