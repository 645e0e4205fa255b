"""What the faces may ask of matching."""

from marshmallow import fields, validate

from libs.common.rpc.payloads import OfOrganisation, Payload


class CplisAfter(OfOrganisation):
    """CPLIs after a CpliId."""

    after = fields.Integer(load_default=-1, validate=validate.Range(-1, 2**63 - 1))
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class LineItems(CplisAfter):
    """CPLIs of a client by any identifier of it, of a service and a service level by their names."""

    clients = fields.List(fields.String(), load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    service_level = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 200))
    is_historical = fields.Boolean(load_default=True)


class ServicesOf(OfOrganisation):
    """So many services of an organisation."""

    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class CpliId(Payload):
    """One CPLI."""

    cpli_id = fields.Integer(required=True, validate=validate.Range(0, 2**63 - 1))
