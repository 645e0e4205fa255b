"""The common shape of what an RPC method may be asked."""

from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, pre_load, validate

from libs.common.care.reference import PAYMENT_METHODS
from libs.common.files.values import unstorable_text

ATTACHMENT_KEY: Final = validate.Regexp(r"attachments/[0-9a-f-]{36}\Z")
"""Where the portal stores a file that is sent with a message; no other stored file goes along with one."""
OBJECT_KEY: Final = validate.Regexp(r"[a-z-]+/[0-9a-f-]{36}\.csv\Z")
"""Where an uploaded file lies in the object store."""


class Payload(Schema):
    """Keys that a newer caller adds are left out; text that no database stores is refused."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def is_storable(self, data: Any, **_: Any) -> Any:
        """No NUL and no half of a character, wherever it stands."""
        if found := unstorable_text(data):
            raise ValidationError("This text can't be stored.", found[0])
        return data


class Resync(Payload):
    """The cause under which all is said again."""

    cause_id = fields.UUID(required=True)


class OfOrganisation(Payload):
    """An organisation by its name; a provider's own when None, every one for the council."""

    organisation = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))


class OfPaymentMethod(Payload):
    """Line items that are paid in this way now; all when None."""

    payment_method = fields.String(
        load_default=None, allow_none=True, validate=validate.OneOf(PAYMENT_METHODS)
    )


class ObjectKeys(Payload):
    """Keys of the object store."""

    keys = fields.List(
        fields.String(validate=validate.Length(1, 300)), required=True, validate=validate.Length(max=1000)
    )
