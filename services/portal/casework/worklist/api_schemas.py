"""What the API takes and answers about doubts, for the council alone (RULES 9)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from libs.common.casework.cases import REASONS
from libs.common.casework.doubts import KINDS, LONGEST_WHY, MOST_AT_ONCE, PROPOSED, STATES
from services.portal.api.asked import Asked, Paged, Prose, is_prose, words_of
from services.portal.api.schemas import day, moment


class DoubtsQuery(Paged):
    """Doubts of a week; those that are proposed when no state is named."""

    week = Day(required=True, metadata={"description": "any day of the week"})
    kind = fields.String(validate=validate.OneOf(KINDS))
    state = fields.String(load_default=PROPOSED, validate=validate.OneOf(STATES))


class Dismissed(Asked):
    """Why a doubt is none."""

    reason = Prose(load_default="", validate=[validate.Length(max=LONGEST_WHY), is_prose])


class Raised(Asked):
    """What the provider is asked; the usual words of the type of dispute where nothing is said."""

    words = words_of(0, load_default="")


class WordsOfReason(Asked):
    """What providers are asked for one type of dispute."""

    reason = fields.String(required=True, validate=validate.OneOf(REASONS))
    words = words_of(required=True)


class DoubtsToRaise(Asked):
    """Doubts of any weeks; the usual words of each type of dispute for which nothing is said."""

    doubts = fields.List(fields.UUID(), load_default=list, validate=validate.Length(1, MOST_AT_ONCE))
    words = fields.List(
        fields.Nested(WordsOfReason), load_default=list, validate=validate.Length(max=len(REASONS))
    )


class Doubt(Schema):
    """Something that a week's data shows."""

    doubt_id = fields.UUID(required=True)
    group = fields.UUID(
        required=True,
        attribute="group_id",
        metadata={
            "description": "the same for doubts of a kind in a provider’s week about one carer, or one client"
        },
    )
    week = day(required=True, attribute="monday")
    kind = fields.String(required=True)
    reason = fields.String(required=True, metadata={"description": "the type of dispute that it would be"})
    state = fields.String(required=True)
    organisation = fields.String(required=True)
    client = fields.String(required=True, attribute="client_reference")
    cpli_id = fields.Integer(required=True, allow_none=True)
    visits = fields.List(fields.String(), required=True)
    first_on = day(required=True)
    last_on = day(required=True)
    evidence = fields.Dict(required=True, metadata={"description": "what it is seen by; depends on the kind"})
    found_at = moment(required=True)
    case_id = fields.UUID(required=True, allow_none=True, metadata={"description": "of the dispute raised"})


class DisputeOfDoubts(Schema):
    """A dispute that was raised."""

    case_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    reason = fields.String(required=True)


class DoubtLeft(Schema):
    """A doubt that could not be raised any more, and why."""

    doubt_id = fields.UUID(required=True)
    code = fields.String(required=True, metadata={"example": "wrong_state"})
    message = fields.String(required=True)


class RaisedDoubts(Schema):
    """What became of doubts that were to be raised."""

    raised = fields.Integer(required=True, attribute="done", metadata={"description": "how many doubts"})
    disputes = fields.List(fields.Nested(DisputeOfDoubts), required=True)
    left = fields.List(fields.Nested(DoubtLeft), required=True)


class Doubts(Schema):
    """A page of doubts."""

    items = fields.List(fields.Nested(Doubt), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
