"""What callers of ingest may ask about single visits, and what a provider's system may send."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, Payload

NIL = "00000000-0000-0000-0000-000000000000"
OBJECT_KEY = validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z")


class SendFile(OfOrganisation):
    """A file in the object store; ``file_id`` is the caller's, so that asking again changes nothing."""

    file_id = fields.UUID(required=True)
    file_name = fields.String(required=True, validate=validate.Length(max=255))
    object_key = fields.String(required=True, validate=OBJECT_KEY)
    confirms_itself = fields.Boolean(load_default=False)


class NewestFiles(OfOrganisation):
    """So many files."""

    limit = fields.Integer(load_default=20, validate=validate.Range(1, 100))


class SendCarers(OfOrganisation):
    """A carers file in the object store."""

    object_key = fields.String(required=True, validate=OBJECT_KEY)


class SeenCarers(Payload):
    """How many carers a check showed as new, and as changed."""

    new = fields.Integer(required=True)
    changed = fields.Integer(required=True)


class VisitRefBegins(Payload):
    """How a VisitRef begins."""

    written = fields.String(required=True, validate=validate.Length(2, 50))


class ImportCheckedCarers(SendCarers):
    """A carers file whose check was seen."""

    seen = fields.Nested(SeenCarers, required=True)


class CarersAfter(OfOrganisation):
    """Carers after a CarerRef."""

    after = fields.String(load_default="", validate=validate.Length(max=100))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


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


class DeleteVisit(OneVisit):
    """Why a visit is deleted, and which version was seen."""

    reason = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=200))
    version = fields.Integer(load_default=None, allow_none=True)
