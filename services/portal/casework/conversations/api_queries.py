"""What callers of the API may send about actions, payment enquiries and reviews."""

from __future__ import annotations

from marshmallow import fields, validate

from libs.common.care.days import Day, DayAround
from libs.common.care.weeks import WEEKDAYS
from libs.common.casework.cases import LONGEST_SUBJECT, MOST_CPLI_ID, MOST_REVIEW_VISITS, SIDES
from services.portal.api.asked import Asked, Flag, Paged, Text, some_attachments, text_of, words_of

POUNDS = r"^[0-9]{1,7}\.[0-9]{2}$"
A_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
a_cpli_id = validate.Range(1, MOST_CPLI_ID)


class CasesQuery(Paged):
    """Which cases; oldest first."""

    turn = fields.String(validate=validate.OneOf(SIDES))
    over = Flag(load_default=False, metadata={"description": "those that are over, in place of open ones"})
    client = text_of(50, metadata={"description": "the client’s reference"})
    cpli_id = fields.Integer(validate=a_cpli_id)


class NewAction(Asked):
    """An action; the council names the provider, or a CPLI."""

    subject = text_of(LONGEST_SUBJECT, required=True)
    words = words_of(required=True)
    cpli_id = fields.Integer(load_default=None, allow_none=True, validate=a_cpli_id)
    organisation = text_of(200, metadata={"description": "a provider by its name; for the council’s tokens"})


class NewEnquiry(Asked):
    """A payment is questioned: an item, a period, or one that is missing (client and week)."""

    words = words_of(required=True)
    item_id = fields.UUID()
    period_start = DayAround()
    client = text_of(50)
    week = Day(metadata={"description": "any day of the week"})
    amount = fields.String(
        validate=validate.Regexp(POUNDS), metadata={"description": "pounds expected", "example": "20.00"}
    )


class NewExtraVisit(Asked):
    """Time in each week: a visit of its own, or what is added to one."""

    weekday = fields.String(required=True, validate=validate.OneOf(WEEKDAYS))
    entry = Text(required=True, validate=validate.Regexp(A_TIME), metadata={"example": "09:00"})
    exit = Text(required=True, validate=validate.Regexp(A_TIME), metadata={"example": "09:30"})
    is_longer = Flag(load_default=False)


class NewReview(Asked):
    """Planned extra care for a CPLI, two weeks at most."""

    cpli_id = fields.Integer(required=True, validate=a_cpli_id)
    first_on = Day(required=True)
    last_on = Day(required=True)
    visits = fields.List(
        fields.Nested(NewExtraVisit), required=True, validate=validate.Length(1, MOST_REVIEW_VISITS)
    )
    words = words_of(required=True)


class NewMessage(Asked):
    """What is said in a case, and what is done by it; approvals are for people on pages."""

    words = words_of(required=True)
    attachments = some_attachments()
    move = text_of(50, metadata={"description": "one of the case’s allowed moves"})
