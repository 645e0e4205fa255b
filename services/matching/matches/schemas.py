"""What may be asked of matching about visits, matched or not."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload

NIL = "00000000-0000-0000-0000-000000000000"


class VisitRefs(Payload):
    """(organisation id, VisitRef) each."""

    refs = fields.List(
        fields.Tuple((fields.UUID(), fields.String())), required=True, validate=validate.Length(max=1000)
    )


class VisitsOfOrganisation(Payload):
    """VisitRefs of one organisation."""

    organisation_id = fields.UUID(required=True)
    refs = fields.List(fields.String(), required=True, validate=validate.Length(max=10_000))


class UnmatchedVisits(OfOrganisation):
    """Visits that have no match, after an (organisation, VisitRef)."""

    week = DayAround(load_default=None, allow_none=True)
    clients = fields.List(fields.String(), load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True)
    service_level = fields.String(load_default=None, allow_none=True)
    visit_type = fields.String(load_default=None, allow_none=True)
    after_organisation = fields.UUID(load_default=NIL)
    after_ref = fields.String(load_default="")
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class OfReason(OfOrganisation):
    """A reason for which visits have no match; None for all."""

    reason = fields.String(load_default=None, allow_none=True)


class NewestUnmatched(OfReason):
    """Visits that have no match before a (planned date, organisation, VisitRef), the latest planned first."""

    before = fields.Tuple((fields.Date(), fields.UUID(), fields.String()), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ExpectedBetween(Payload):
    """The days whose weeks are looked at; of these contracts, or of all for None."""

    first = DayAround(required=True)
    last = DayAround(required=True)
    contracts = fields.List(fields.String(), load_default=None, allow_none=True)


class PlannedBetween(Payload):
    """The days between which visits without a match are planned."""

    first = DayAround(required=True)
    last = DayAround(required=True)
