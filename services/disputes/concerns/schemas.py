"""What may be asked of disputes about concerns and their lists (RULES 16)."""

from marshmallow import fields, validate

from libs.common.care.days import Day, DayAround
from libs.common.casework.cases import LONGEST_WORDS, MOST_CPLI_ID
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
from libs.common.rpc.payloads import Payload
from services.disputes.cases.schemas import Said
from services.disputes.concerns.rules import MOVES, NOTE, SEND_NOTICE

MOVES_BY_WORDS = (NOTE, *(move for move in MOVES if move != SEND_NOTICE))
"""A breach notice has a step of its own."""
a_kind = validate.Length(1, LONGEST_KIND)
some_words = validate.Length(1, LONGEST_WORDS)


class RaiseConcern(Said):
    """A concern, with what is said of it and evidence."""

    concern_id = fields.UUID(required=True)
    organisation_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=a_kind)
    source = fields.String(required=True, validate=validate.OneOf(SOURCES))
    words = fields.String(required=True, validate=some_words)
    client_reference = fields.String(load_default="", validate=validate.Length(max=100))
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1, MOST_CPLI_ID))
    visits = fields.List(
        fields.String(validate=validate.Length(1, 50)),
        load_default=list,
        validate=validate.Length(max=MOST_VISITS),
    )
    about_kind = fields.String(load_default="", validate=validate.OneOf(("", *ABOUT)))
    about_id = fields.String(load_default="", validate=validate.Length(max=100))
    happened_on = Day(load_default=None, allow_none=True)


class ConcernId(Payload):
    """A concern."""

    concern_id = fields.UUID(required=True)


class MoveConcern(ConcernId, Said):
    """A step in a concern: a move, or words and evidence alone; ``version``: the one that was seen."""

    step_id = fields.UUID(required=True)
    move = fields.String(load_default="", validate=validate.OneOf(MOVES_BY_WORDS))
    version = fields.Integer(load_default=None, allow_none=True, validate=validate.Range(1))
    referred_to = fields.String(load_default="", validate=validate.OneOf(("", *REFERRALS)))
    ended_in = fields.String(load_default="", validate=validate.OneOf(("", *ENDINGS)))
    to_provider = fields.String(load_default="", validate=validate.Length(max=LONGEST_WORDS))


class OfConcerns(Payload):
    """Which concerns."""

    kind = fields.String(load_default=None, allow_none=True, validate=a_kind)
    organisation_id = fields.UUID(load_default=None, allow_none=True)
    group_id = fields.UUID(load_default=None, allow_none=True)


class ReceivedConcerns(OfConcerns):
    """Those that were received on these days, both included; None: of whatever day."""

    first = DayAround(load_default=None, allow_none=True)
    last = DayAround(load_default=None, allow_none=True)


class ConcernsPage(ReceivedConcerns):
    """A page of concerns, the newest first; without states those that are open."""

    states = fields.List(fields.String(validate=validate.OneOf(STATES)), load_default=list)
    clients = fields.List(
        fields.String(), load_default=None, allow_none=True, validate=validate.Length(max=20)
    )
    after = fields.Tuple(
        (fields.AwareDateTime(format="iso"), fields.UUID()), load_default=None, allow_none=True
    )
    limit = fields.Integer(required=True, validate=validate.Range(1, 501))


class TrendsOfConcerns(OfConcerns):
    """The months of which the concerns are counted, by any day of the first and of the last."""

    first = DayAround(required=True)
    last = DayAround(required=True)


class FiguresOfConcerns(Payload):
    """A provider by its id, its own when a provider asks, and all for the council when None; days of a span."""

    organisation = fields.UUID(load_default=None, allow_none=True)
    first = DayAround(required=True)
    last = DayAround(required=True)


class KindOfConcern(Payload):
    """A kind by its name."""

    name = fields.String(required=True, validate=a_kind)


class GroupOfProviders(Payload):
    """A group of providers, new or another by its id."""

    group_id = fields.UUID(required=True)
    name = fields.String(required=True, validate=validate.Length(1, LONGEST_GROUP))
    organisation_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_IN_A_GROUP))


class GroupId(Payload):
    """A group."""

    group_id = fields.UUID(required=True)


class ConcernFileId(Payload):
    """A file of a concern or of an answer to a breach notice."""

    concern_file_id = fields.UUID(required=True)
