"""What callers of ingest may ask about single visits, and what a provider's system may send."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfOrganisation, Payload


class VisitRefs(Payload):
    """(organisation id, VisitRef) each."""

    refs = fields.List(
        fields.Tuple((fields.UUID(), fields.String())), required=True, validate=validate.Length(max=1000)
    )


class OneVisit(OfOrganisation):
    """A visit by its VisitRef."""

    visit_ref = fields.String(required=True)


class PutVisit(OneVisit):
    """A visit's cells by heading; ``version`` is the one that is replaced, 0 for one that must be new."""

    values = fields.Dict(fields.String(), fields.String(), required=True)
    version = fields.Integer(load_default=None, allow_none=True)
    any_version = fields.Boolean(load_default=False)


class DeleteVisits(Payload):
    """(organisation id, VisitRef, version that was seen) each, and why they are deleted."""

    visits = fields.List(
        fields.Tuple((fields.UUID(), fields.String(), fields.Integer())),
        required=True,
        validate=validate.Length(1, 1000),
    )
    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))


class DeleteVisit(OneVisit):
    """Why a visit is deleted, and which version was seen."""

    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    version = fields.Integer(load_default=None, allow_none=True)
