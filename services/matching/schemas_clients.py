"""What the faces may ask of clients."""

from marshmallow import fields, validate

from libs.common.payloads import Payload

MOST_NAMES = 500


class Identifiers(Payload):
    """SSRefs, ClientRefs and NHSNumbers, in any order."""

    identifiers = fields.List(
        fields.String(validate=validate.Length(1, 100)),
        required=True,
        validate=validate.Length(max=MOST_NAMES),
    )
