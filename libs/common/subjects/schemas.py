"""What may be asked of what a service holds about a person."""

from __future__ import annotations

from typing import Final

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload

MOST_ROWS: Final = 500
MOST_NAMES: Final = 2_000


class HeldAsked(Payload):
    """A page of a part; ``meant``: identifiers with the days for which each names the person."""

    part = fields.String(required=True, validate=validate.Length(1, 50))
    client_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_NAMES))
    meant = fields.List(
        fields.Tuple((fields.String(), fields.Date(), fields.Date())),
        required=True,
        validate=validate.Length(max=MOST_NAMES),
    )
    cpli_ids = fields.List(fields.Integer(), required=True, validate=validate.Length(max=MOST_NAMES))
    visits = fields.List(
        fields.Tuple((fields.UUID(), fields.String())),
        load_default=list,
        validate=validate.Length(max=MOST_ROWS),
    )
    after = fields.String(load_default=None, allow_none=True)


class VisitsAsked(Payload):
    """A page of the visits of a person."""

    client_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_NAMES))
    after = fields.String(load_default=None, allow_none=True)
