"""What reports may ask of matching."""

from marshmallow import fields, validate

from libs.common.care.days import DayAround
from libs.common.rpc.payloads import OfOrganisation, OfPaymentMethod


class _Days(OfOrganisation):
    first = DayAround(required=True)
    last = DayAround(required=True)
    client = fields.String(load_default=None, allow_none=True)
    limit = fields.Integer(load_default=100, validate=validate.Range(1, 1000))


class PackagesByClient(_Days, OfPaymentMethod):
    """CPLIs in force between two days, after a CpliId."""

    group_class = fields.String(load_default=None, allow_none=True)
    after = fields.Integer(load_default=-1, validate=validate.Range(-1, 2**63 - 1))


class DaysOfUnmatched(OfOrganisation):
    """Visits without a match, on whatever day; which of them lie outside of two days, where these are given."""

    reason = fields.String(load_default=None, allow_none=True)
    client = fields.String(load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True)
    first = DayAround(load_default=None, allow_none=True)
    last = DayAround(load_default=None, allow_none=True)


class UnmatchedForReport(_Days):
    """Visits without a match, planned between two days, after a place."""

    reason = fields.String(load_default=None, allow_none=True)
    service_name = fields.String(load_default=None, allow_none=True)
    after = fields.Tuple(
        (fields.String(), fields.String(), fields.Date(), fields.Integer(), fields.String()),
        load_default=None,
        allow_none=True,
    )
