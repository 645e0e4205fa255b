"""What may be asked of disputes about cases of every kind."""

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.casework.cases import KINDS, LONGEST_WORDS, MOST_ATTACHMENTS, MOST_CPLI_ID, OWN_STEPS, SIDES
from libs.common.rpc.payloads import ATTACHMENT_KEY, Payload

a_kind = validate.OneOf(KINDS)


class AttachmentOf(Payload):
    """A file that the portal has checked and stored."""

    attachment_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(1, 200))
    content_type = fields.String(required=True, validate=validate.Length(1, 100))
    size_bytes = fields.Integer(required=True, validate=validate.Range(min=1))
    sha256 = fields.String(required=True, validate=validate.Length(equal=64))
    object_key = fields.String(required=True, validate=ATTACHMENT_KEY)


class Said(Payload):
    """Words, and files with them."""

    words = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))
    attachments = fields.List(
        fields.Nested(AttachmentOf), load_default=list, validate=validate.Length(max=MOST_ATTACHMENTS)
    )


class CaseId(Payload):
    """A case of a kind."""

    kind = fields.String(required=True, validate=a_kind)
    case_id = fields.UUID(required=True)


class Say(CaseId, Said):
    """A message in a case; `move`: what is done by it."""

    message_id = fields.UUID(required=True)
    move = fields.String(load_default="", validate=validate.Length(max=50))

    @validates_schema
    def is_all_that_is_done(self, data: dict, **_: object) -> None:
        """A move with a step of its own is asked for by that step."""
        if (data["kind"], data["move"]) in OWN_STEPS:
            raise ValidationError("This move is made by a step of its own.", "move")


class CasesPage(Payload):
    """A page of cases of a kind."""

    kind = fields.String(required=True, validate=a_kind)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    states = fields.List(fields.String(), load_default=list)
    is_over = fields.Boolean(load_default=False)
    turn = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(SIDES))
    client = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 100))
    clients = fields.List(
        fields.String(), load_default=None, allow_none=True, validate=validate.Length(max=20)
    )
    is_overdue = fields.Boolean(load_default=False)
    case_ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=200)
    )
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_CPLI_ID))
    first_on = Day(load_default=None, allow_none=True)
    last_on = Day(load_default=None, allow_none=True)
    order = fields.String(load_default="newest", validate=validate.OneOf(("newest", "oldest")))
    after = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 201))


class KnownCases(Payload):
    """Cases of a kind, perhaps."""

    kind = fields.String(required=True, validate=a_kind)
    case_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(max=500))


class AttachmentId(Payload):
    """An attachment."""

    attachment_id = fields.UUID(required=True)
