"""What the faces may ask of matching."""

from marshmallow import fields, validate

from libs.common.payloads import OfOrganisation, Payload

NIL = "00000000-0000-0000-0000-000000000000"


class VisitRefs(Payload):
    """(organisation id, VisitRef) each."""

    refs = fields.List(
        fields.Tuple((fields.UUID(), fields.String())), required=True, validate=validate.Length(max=1000)
    )


class MatchedVisits(OfOrganisation):
    """Visits that are matched, or not, after an (organisation, VisitRef)."""

    is_matched = fields.Boolean(required=True)
    week = fields.Date(load_default=None, allow_none=True)
    clients = fields.List(fields.String(), load_default=None, allow_none=True)
    after_organisation = fields.UUID(load_default=NIL)
    after_ref = fields.String(load_default="")
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class ClientIdentifier(Payload):
    """An SSRef, ClientRef or NHSNumber."""

    identifier = fields.String(required=True)


class CplisAfter(OfOrganisation):
    """CPLIs after a CpliId."""

    after = fields.Integer(load_default=-1, validate=validate.Range(-1, 2**63 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class LineItems(CplisAfter):
    """CPLIs of a client by any identifier of it."""

    clients = fields.List(fields.String(), load_default=None, allow_none=True)
