"""What callers of ingest may ask about lists of visits."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload

NIL = "00000000-0000-0000-0000-000000000000"


class VisitRefBegins(Payload):
    """How a VisitRef begins."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class VisitsPage(OfOrganisation):
    """Visits after an (organisation, VisitRef); of a week by its Monday, of a client by any identifier of it."""

    week = DayAround(load_default=None, allow_none=True)
    clients = fields.List(fields.String(), load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True)
    service_level = fields.String(load_default=None, allow_none=True)
    visit_type = fields.String(load_default=None, allow_none=True)
    after_organisation = fields.UUID(load_default=NIL)
    after_ref = fields.String(load_default="")
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class VisitChoices(OfOrganisation):
    """What may be chosen; with a week, also what its visits name."""

    week = DayAround(load_default=None, allow_none=True)


class Weeks(OfOrganisation):
    """Weeks by their Mondays."""

    mondays = fields.List(DayAround(), required=True, validate=validate.Length(max=60))


class DaysOfWeeks(Payload):
    """Two days, between which weeks are looked at."""

    first = DayAround(required=True)
    last = DayAround(required=True)
