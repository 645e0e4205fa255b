"""What the API takes and answers about requisitions and offers (RULES 16)."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from libs.common.care.days import Day
from services.portal.api.asked import MOST_ON_A_PAGE, Asked, Prose, is_prose, text_of, words_of
from services.portal.api.schemas import day, moment
from services.portal.offers.forms import LONGEST_TEXT, MOST_HOURS_OPEN, hours_in
from services.portal.offers.words import OFFERS, STATES

ANSWERS = ("accepted", "declined")


def is_hours(text: str) -> None:
    """Raises ValidationError for what is no number of hours a week."""
    if hours_in(text) is None:
        raise ValidationError("Send hours a week above nothing with two decimals at most, as text.")


def a_text(**options: Any) -> fields.String:
    """Several lines perhaps, or nothing."""
    return Prose(load_default="", validate=[validate.Length(max=LONGEST_TEXT), is_prose], **options)


def reason(**options: Any) -> fields.String:
    """Why; not blank."""
    return Prose(validate=[validate.Length(1, LONGEST_TEXT), is_prose], **options)


class RequisitionsQuery(Asked):
    """Which requisitions."""

    state = fields.String(validate=validate.OneOf(tuple(STATES)))
    cursor = text_of(500, metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST_ON_A_PAGE))


class OffersQuery(Asked):
    """A page of offers."""

    cursor = text_of(500, metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=100, validate=validate.Range(1, MOST_ON_A_PAGE))


class NewRequisition(Asked):
    """What care is wanted, of which list."""

    list_id = fields.UUID(required=True)
    client_reference = text_of(100, load_default="")
    service = text_of(112, required=True)
    service_level = text_of(100, required=True)
    zone = text_of(100, load_default="")
    hours = fields.String(
        required=True, validate=is_hours, metadata={"description": "hours a week", "example": "10.5"}
    )
    timetable = a_text(metadata={"description": "days and times in words"})
    start_on = Day(required=True)
    note = a_text()


class NewOffer(Asked):
    """To the provider of this place, which is the next one."""

    place = fields.Integer(required=True, strict=True, validate=validate.Range(1, 1000))


class Skip(NewOffer):
    """Why the provider of this place, which is the next one, is left out."""

    reason = reason(required=True)


class Withdrawal(Asked):
    """Why a requisition ends."""

    reason = reason(required=True)


class OfferAnswer(Asked):
    """A provider's answer."""

    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    reason = words_of(0, load_default="", metadata={"description": "wanted to decline"})

    @validates_schema
    def says_why(self, data: dict[str, str], **_: object) -> None:
        """Declining needs a reason."""
        if data["answer"] == "declined" and not data["reason"].strip():
            raise ValidationError("Say why you decline.", "reason")


class NewOfferHours(Asked):
    """For how long offers of a day on stand."""

    effective_from = Day(required=True)
    hours = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST_HOURS_OPEN))


class CareWanted(Schema):
    """What care is wanted."""

    service = fields.String(required=True)
    service_level = fields.String(required=True)
    zone = fields.String(required=True)
    hours = fields.String(required=True, metadata={"description": "a week"})
    timetable = fields.String(required=True)
    start_on = day(required=True)
    note = fields.String(required=True)
    client_reference = fields.String(required=True)


class Offer(CareWanted):
    """A requisition as it was offered to a provider; the client's reference is empty until it is accepted."""

    offer_id = fields.String(required=True)
    requisition_id = fields.String(required=True)
    number = fields.Integer(required=True)
    organisation_id = fields.String(required=True)
    offered_at = moment(required=True)
    lapses_at = moment(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(OFFERS)))
    reason = fields.String(required=True)
    answered_by = fields.String(required=True, allow_none=True)
    answered_at = moment(required=True, allow_none=True)


class Offers(Schema):
    """A page of offers."""

    items = fields.List(fields.Nested(Offer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Offered(Schema):
    """An offer that was made."""

    offer_id = fields.String(required=True)
    organisation_id = fields.String(required=True)
    number = fields.Integer(required=True)
    lapses_at = moment(required=True)


class RankedProvider(Schema):
    """A provider by its place."""

    place = fields.Integer(required=True)
    organisation_id = fields.String(required=True)
    organisation = fields.String(required=True)


class AskedProvider(RankedProvider):
    """What became of it."""

    offer_id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(OFFERS)))
    reason = fields.String(required=True)
    done_by = fields.String(required=True, allow_none=True)
    offered_at = moment(required=True, allow_none=True)
    lapses_at = moment(required=True, allow_none=True)
    answered_at = moment(required=True, allow_none=True)


class Requisition(CareWanted):
    """A requisition; `accepted_by` is to be named on the care package line item."""

    requisition_id = fields.String(required=True)
    number = fields.Integer(required=True)
    list_id = fields.String(required=True)
    list = fields.String(required=True)
    ranking_id = fields.String(required=True)
    quarter = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = moment(required=True)
    state = fields.String(required=True, validate=validate.OneOf(tuple(STATES)))
    reason = fields.String(required=True)
    accepted_by = fields.Nested(RankedProvider, required=True, allow_none=True)
    accepted_at = moment(required=True, allow_none=True)


class RequisitionDetails(Requisition):
    """With every provider of its ranking, and whom it is offered to next."""

    providers = fields.List(fields.Nested(AskedProvider), required=True)
    next_provider = fields.Nested(RankedProvider, required=True, allow_none=True)


class Requisitions(Schema):
    """A page of requisitions, the newest first."""

    items = fields.List(fields.Nested(Requisition), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class OfferHoursSet(Schema):
    """What was set."""

    effective_from = day(required=True)
    hours = fields.Integer(required=True)
    set_by = fields.String(required=True, allow_none=True)
    set_at = moment(required=True, allow_none=True)


class OfferHours(Schema):
    """All that was set, the newest first; 24 where nothing holds."""

    items = fields.List(fields.Nested(OfferHoursSet), required=True)
