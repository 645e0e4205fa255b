"""What may be asked of matching about under-delivery."""

from marshmallow import fields

from libs.common.rpc.payloads import OfOrganisation


class UnderDeliveryAsked(OfOrganisation):
    """Of whom; the organisations after an id, where not all came in one answer."""

    after = fields.UUID(load_default=None, allow_none=True)
