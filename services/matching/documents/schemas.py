"""What callers of matching may ask about contract documents."""

from marshmallow import fields, validate

from libs.common.care.days import Day
from libs.common.rpc.payloads import OfOrganisation, Payload
from services.matching.documents.rules import AGREEING, MOVERS, STATUSES

LONGEST_REASON = 2_000
MOST_AT_ONCE = 1_000


class ContractDocuments(OfOrganisation):
    """A page of documents, after the number of the last one seen."""

    service_name = fields.String(load_default=None, allow_none=True)
    client = fields.String(load_default=None, allow_none=True)
    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATUSES))
    updated_since = Day(load_default=None, allow_none=True)
    after = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(-1, 2**63 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))
    document_ids = fields.List(
        fields.UUID(), load_default=None, allow_none=True, validate=validate.Length(max=MOST_AT_ONCE)
    )


class DocumentId(Payload):
    """A document."""

    document_id = fields.UUID(required=True)


class AnswerDocument(DocumentId):
    """An answer; a rejection needs its reason."""

    move = fields.String(required=True, validate=validate.OneOf(tuple(MOVERS)))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))


class AgreeDocuments(Payload):
    """Documents that are agreed to at once."""

    document_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_AT_ONCE))
    move = fields.String(required=True, validate=validate.OneOf(AGREEING))
