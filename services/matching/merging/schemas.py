"""What callers may ask of merging clients."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload

LONGEST_REASON = 1000


class TwoClients(Payload):
    """A client that is to be merged into another; each by its id or any identifier."""

    client = fields.String(required=True, validate=validate.Length(1, 100))
    into = fields.String(required=True, validate=validate.Length(1, 100))


class MergeClients(TwoClients):
    """And why."""

    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_REASON))
