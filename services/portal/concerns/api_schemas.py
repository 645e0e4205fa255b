"""What the API takes and answers about concerns, their kinds and groups of providers (RULES 16)."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from libs.common.casework.cases import MOST_CPLI_ID
from libs.common.casework.concerns import (
    ABOUT,
    ENDINGS,
    LONGEST_GROUP,
    LONGEST_KIND,
    MOST_IN_A_GROUP,
    MOST_VISITS,
    REFERRALS,
    SOURCES,
    STATES,
)
from services.portal.api.asked import Asked, Owner, Paged, some_attachments, text_of, words_of
from services.portal.api.schemas import day, moment
from services.portal.concerns.notices.api_schemas import BreachNotice, ConcernFile
from services.portal.concerns.words import BUTTONS

MOVES = tuple(BUTTONS)


class OfConcerns(Paged):
    """Which concerns."""

    kind = text_of(LONGEST_KIND)
    group = fields.UUID(metadata={"description": "a group of providers by its id"})


class ConcernsQuery(OfConcerns):
    """Which concerns; those that are open, when no state is named."""

    state = fields.String(validate=validate.OneOf(STATES))
    first = Day(metadata={"description": "received on this day or later"})
    last = Day(metadata={"description": "received on this day or before"})
    client = text_of(50, metadata={"description": "SSRef, ClientRef or NHSNumber"})


class TrendsQuery(Owner):
    """The months of which concerns are counted, three years at most."""

    first = Day(required=True, metadata={"description": "any day of the first month"})
    last = Day(required=True, metadata={"description": "any day of the last month"})
    kind = text_of(LONGEST_KIND)
    group = fields.UUID(metadata={"description": "a group of providers by its id"})


class NewConcern(Asked):
    """A concern. Whoever may not see concerns is told its number alone."""

    organisation = text_of(200, required=True, metadata={"description": "a provider by its name"})
    kind = text_of(LONGEST_KIND, required=True)
    source = fields.String(
        required=True, validate=validate.OneOf(SOURCES), metadata={"description": "who raises it"}
    )
    words = words_of(required=True)
    client = text_of(50, load_default="", metadata={"description": "SSRef, ClientRef or NHSNumber"})
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_CPLI_ID))
    visits = fields.List(text_of(50), load_default=list, validate=validate.Length(max=MOST_VISITS))
    happened_on = Day(load_default=None, allow_none=True)
    about_kind = fields.String(load_default="", validate=validate.OneOf(("", *ABOUT)))
    about_id = text_of(100, load_default="")
    attachments = some_attachments()


class NewStep(Asked):
    """What is done with a concern; without a move words and evidence are added to it."""

    words = words_of(0, load_default="")
    move = fields.String(load_default="", validate=validate.OneOf(("", *MOVES)))
    version = fields.Integer(
        load_default=None,
        allow_none=True,
        validate=validate.Range(1, 2**31),
        metadata={"description": "of the concern that was seen; a move needs it"},
    )
    referred_to = fields.String(load_default="", validate=validate.OneOf(("", *REFERRALS)))
    ended_in = fields.String(load_default="", validate=validate.OneOf(("", *ENDINGS)))
    to_provider = words_of(
        0, load_default="", metadata={"description": "what the provider is told with its breach notice"}
    )
    attachments = some_attachments()


class RaisedConcern(Schema):
    """Its id and number."""

    concern_id = fields.UUID(required=True)
    number = fields.Integer(required=True)


class ConcernStanding(RaisedConcern):
    """How a concern stands; ``notice_id``: of the breach notice that was sent or ended."""

    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = fields.Integer(required=True)
    notice_id = fields.UUID(required=True, allow_none=True)


class Concern(RaisedConcern):
    """A concern of a list."""

    kind = fields.String(required=True)
    organisation = fields.String(required=True)
    client = fields.String(
        required=True, attribute="client_reference", metadata={"description": "empty for none"}
    )
    cpli_id = fields.Integer(required=True, allow_none=True)
    visits = fields.List(fields.String(), required=True)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    about_kind = fields.String(required=True)
    about_id = fields.String(required=True)
    happened_on = day(required=True, allow_none=True)
    received_on = day(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    referred_to = fields.String(required=True)
    ended_in = fields.String(required=True)
    version = fields.Integer(required=True)
    raised_at = moment(required=True)
    changed_at = moment(required=True)


class Concerns(Schema):
    """A page of concerns, the newest first."""

    items = fields.List(fields.Nested(Concern), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class ConcernStep(Schema):
    """A step of a concern's history."""

    step_id = fields.UUID(required=True)
    move = fields.String(required=True, metadata={"description": "empty for a note alone"})
    state = fields.String(required=True)
    words = fields.String(required=True)
    done_by = fields.String(required=True)
    done_at = moment(required=True)


class ConcernWithSteps(Concern):
    """A concern with its history, evidence and breach notices."""

    steps = fields.List(fields.Nested(ConcernStep), required=True)
    files = fields.List(fields.Nested(ConcernFile), required=True)
    notices = fields.List(fields.Nested(BreachNotice), required=True)
    allowed = fields.List(fields.String(), required=True)


class Trend(Schema):
    """How many there were of a provider's kind in a month."""

    month = day(required=True)
    organisation = fields.String(required=True)
    kind = fields.String(required=True)
    concerns = fields.Integer(required=True)
    breach_notices = fields.Integer(required=True)


class Trends(Schema):
    """By month, provider and kind."""

    items = fields.List(fields.Nested(Trend), required=True)


class NewKind(Asked):
    """A kind of concern by its name."""

    name = text_of(LONGEST_KIND, required=True)


class ConcernKind(Schema):
    """A kind of concern."""

    name = fields.String(required=True)
    is_retired = fields.Boolean(required=True)


class ConcernKinds(Schema):
    """All kinds, those in use first."""

    items = fields.List(fields.Nested(ConcernKind), required=True)


class NewGroup(Asked):
    """A group of providers by their names."""

    name = text_of(LONGEST_GROUP, required=True)
    organisations = fields.List(text_of(200), required=True, validate=validate.Length(1, MOST_IN_A_GROUP))


class ConcernGroup(Schema):
    """A group of providers."""

    group_id = fields.UUID(required=True)
    name = fields.String(required=True)
    organisations = fields.List(fields.String(), required=True)


class ConcernGroups(Schema):
    """All groups by name."""

    items = fields.List(fields.Nested(ConcernGroup), required=True)
