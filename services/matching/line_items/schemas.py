"""What the faces may ask of matching."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload

NIL = "00000000-0000-0000-0000-000000000000"


class VisitRefs(Payload):
    """(organisation id, VisitRef) each."""

    refs = fields.List(
        fields.Tuple((fields.UUID(), fields.String())), required=True, validate=validate.Length(max=1000)
    )


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


class ClientList(OfOrganisation):
    """Identifiers of clients, each an SSRef, ClientRef or NHSNumber."""

    identifiers = fields.List(fields.String(), required=True, validate=validate.Length(max=5000))


class ClientIdentifier(Payload):
    """An SSRef, ClientRef or NHSNumber."""

    identifier = fields.String(required=True)


class CplisAfter(OfOrganisation):
    """CPLIs after a CpliId."""

    after = fields.Integer(load_default=-1, validate=validate.Range(-1, 2**63 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class LineItems(CplisAfter):
    """CPLIs of a client by any identifier of it, of a service and a service level by their names."""

    clients = fields.List(fields.String(), load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    service_level = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    is_historical = fields.Boolean(load_default=True)


class CpliId(Payload):
    """One CPLI."""

    cpli_id = fields.Integer(required=True, validate=validate.Range(0, 2**63 - 1))


class OrganisationNamed(Payload):
    """Whoever has, had or will have a name."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=112))


class OrganisationIds(Payload):
    """Organisations by their ids; all for None."""

    organisation_ids = fields.List(fields.UUID(), load_default=None, allow_none=True)
