"""What may be asked of matching about stays in hospital."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import Payload

MOST_STAYS = 20
MOST_SERVICES = 1_000

a_name = validate.Length(1, 200)


class ServiceClients(Payload):
    """A service of the caller's."""

    service_name = fields.String(required=True, validate=a_name)


class ServiceIds(Payload):
    """Services by their ids."""

    service_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=MOST_SERVICES))


class StayAsked(Payload):
    """A client's days, and from when on the care may have resumed."""

    client = fields.String(required=True, validate=validate.Length(1, 100))
    first_on = DayAround(required=True)
    last_on = DayAround(required=True)
    resumes_on = DayAround(required=True, allow_none=True)


class HospitalStays(Payload):
    """Stays of clients of one service."""

    organisation_id = fields.UUID(required=True)
    service_name = fields.String(required=True, validate=a_name)
    service_id = fields.UUID(load_default=None, allow_none=True)
    stays = fields.List(fields.Nested(StayAsked), required=True, validate=validate.Length(max=MOST_STAYS))
