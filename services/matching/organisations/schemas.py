"""What may be asked of matching about organisations."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import Payload


class OrganisationNamed(Payload):
    """Whoever has, had or will have a name."""

    name = fields.String(required=True, validate=validate.Length(min=1, max=112))


class OrganisationIds(Payload):
    """Organisations by their ids; all for None."""

    organisation_ids = fields.List(fields.UUID(), load_default=None, allow_none=True)
