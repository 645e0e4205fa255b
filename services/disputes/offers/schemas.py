"""What may be asked of disputes about requisitions and offers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from libs.common.care.figures import Figure
from libs.common.rpc.payloads import Payload
from services.disputes.offers.rules import ACCEPTED, DECLINED, STATES

MOST_PROVIDERS = 1_000
MOST_HOURS_A_WEEK = Decimal(336)  # two carers, day and night
MOST_HOURS_OPEN = 24 * 60
LONGEST_TEXT = 1_000
A_REASON = validate.Length(1, LONGEST_TEXT)


class AskedInOrder(Payload):
    """A provider by its place."""

    place = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_PROVIDERS))
    organisation_id = fields.UUID(required=True)
    organisation = fields.String(required=True, validate=validate.Length(1, 200))


class MakeRequisition(Payload):
    """What care is wanted, and the frozen ranking that it is offered down."""

    requisition_id = fields.UUID(required=True)
    list_id = fields.UUID(required=True)
    list_name = fields.String(required=True, validate=validate.Length(1, 100))
    ranking_id = fields.UUID(required=True)
    quarter = fields.String(required=True, validate=validate.Length(1, 10))
    providers = fields.List(
        fields.Nested(AskedInOrder), required=True, validate=validate.Length(1, MOST_PROVIDERS)
    )
    client_reference = fields.String(load_default="", validate=validate.Length(max=100))
    service_name = fields.String(required=True, attribute="service", validate=validate.Length(1, 112))
    service_level = fields.String(required=True, validate=validate.Length(1, 100))
    zone = fields.String(load_default="", validate=validate.Length(max=100))
    hours = Figure(required=True, validate=validate.Range(0, MOST_HOURS_A_WEEK, min_inclusive=False))
    timetable = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))
    start_on = Day(required=True)
    note = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))

    @validates_schema
    def are_in_order(self, data: Any, **_: Any) -> None:
        """Places count from 1, and nobody has two."""
        providers = data["providers"]
        if [one["place"] for one in providers] != list(range(1, len(providers) + 1)):
            raise ValidationError("The places must count from 1.", "providers")
        if len({one["organisation_id"] for one in providers}) != len(providers):
            raise ValidationError("A provider stands in two places.", "providers")


class RequisitionId(Payload):
    """A requisition."""

    requisition_id = fields.UUID(required=True)


class RequisitionsPage(Payload):
    """Requisitions, the newest first; those in a state, or of a provider that accepted; after a number."""

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATES))
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    before = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**63 - 1))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class MakeOffer(RequisitionId):
    """To the provider of this place, which is the next one."""

    offer_id = fields.UUID(required=True)
    place = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_PROVIDERS))


class SkipProvider(RequisitionId):
    """The provider of this place, which is the next one, is left out."""

    place = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_PROVIDERS))
    reason = fields.String(required=True, validate=A_REASON)


class WithdrawRequisition(RequisitionId):
    """The care is not wanted any more, or not in this way."""

    reason = fields.String(required=True, validate=A_REASON)


class OfferId(Payload):
    """An offer."""

    offer_id = fields.UUID(required=True)


class OffersPage(Payload):
    """A provider's offers, the newest first, made on these London days; for the council those of one."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    first = Day(load_default=None, allow_none=True)
    last = Day(load_default=None, allow_none=True)
    before = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(0, 2**63 - 1))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class AnswerOffer(OfferId):
    """A provider accepts, or declines with a reason."""

    answer = fields.String(required=True, validate=validate.OneOf((ACCEPTED, DECLINED)))
    reason = fields.String(load_default="", validate=validate.Length(max=LONGEST_TEXT))


class SetOfferHours(Payload):
    """For how long offers of a day on stand."""

    effective_from = Day(required=True)
    hours = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_HOURS_OPEN))


class OfferFiguresAsked(Payload):
    """Offers made on these London days, both included; a provider's own whatever it asks."""

    organisation_id = fields.UUID(load_default=None, allow_none=True)
    first = Day(required=True)
    last = Day(required=True)

    @validates_schema
    def is_a_span(self, data: Any, **_: Any) -> None:
        """The last day is not before the first."""
        if data["last"] < data["first"]:
            raise ValidationError("The last day is before the first.", "last")
