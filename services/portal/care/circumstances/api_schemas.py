"""What the API takes and answers about clients' circumstances."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from libs.common.care.days import Day
from services.portal.api.asked import Asked, text_of
from services.portal.api.schemas import day, moment
from services.portal.web.words import CIRCUMSTANCES

LONGEST_NOTE = 1_000


class OfClient(Asked):
    """Whose circumstances."""

    client = text_of(100, required=True, metadata={"description": "SSRef, ClientRef, NHSNumber or id"})


class NewCircumstance(OfClient):
    """What holds for a client from a day on; both days are included."""

    kind = fields.String(required=True, validate=validate.OneOf(list(CIRCUMSTANCES)))
    from_on = Day(required=True)
    to_on = Day(load_default=None, allow_none=True)
    note = text_of(LONGEST_NOTE)


class LastDay(Asked):
    """Until when it holds, that day included."""

    to_on = Day(required=True)


class CircumstanceWithdrawal(Asked):
    """Why it never held."""

    note = text_of(LONGEST_NOTE, required=True)


class CircumstanceVersion(Schema):
    """What was said of a circumstance at a moment."""

    circumstance_id = fields.String(required=True)
    client_id = fields.String(required=True)
    kind = fields.String(required=True)
    from_on = day(required=True)
    to_on = day(required=True, allow_none=True)
    note = fields.String(required=True)
    withdrawn = fields.Boolean(required=True)
    changed_by = fields.String(required=True)
    changed_at = moment(required=True)


class Circumstance(CircumstanceVersion):
    """A circumstance as it stands, with what it said before, the newest first."""

    versions = fields.List(fields.Nested(CircumstanceVersion), required=True)
    suspends = fields.Boolean(
        required=True,
        metadata={"description": "whether it suspends care of contracts that suspend themselves"},
    )


class Circumstances(Schema):
    """A client's, the latest first."""

    client_id = fields.String(required=True)
    items = fields.List(fields.Nested(Circumstance), required=True)
