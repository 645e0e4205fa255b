"""What the API takes and answers about clients."""

from __future__ import annotations

from marshmallow import Schema, fields

from services.portal.api.asked import Asked, Flag, text_of
from services.portal.api.schemas import day, pounds

LONGEST_REASON = 1_000


class MergeQuery(Asked):
    """Whether to look only."""

    preview = Flag(
        load_default=False, metadata={"description": "true shows what merging would move and changes nothing"}
    )


class MergeAsked(Asked):
    """Two clients that are one person, each by SSRef, ClientRef, NHSNumber or id."""

    client = text_of(100, required=True, metadata={"description": "who is merged into the other"})
    into = text_of(100, required=True, metadata={"description": "who stays"})
    reason = text_of(LONGEST_REASON, metadata={"description": "wanted to merge, not to look"})
    seen = text_of(
        64, metadata={"description": "`seen` of a preview: where merging would move something else, 409"}
    )


class Person(Schema):
    """A client."""

    client_id = fields.String(required=True)
    name = fields.String(required=True)
    ssref = fields.String(required=True, allow_none=True)
    client_ref = fields.String(required=True, allow_none=True)
    nhs_number = fields.String(required=True, allow_none=True)


class Moved(Schema):
    """An amount now, and as one client."""

    now = pounds(required=True)
    then = pounds(required=True)
    difference = pounds(required=True)


class MovedOfOrganisation(Schema):
    """What a provider is paid otherwise."""

    organisation = fields.String(required=True)
    cost = fields.Nested(Moved, required=True)
    deductions = fields.Nested(Moved, required=True)


class MovedWeek(Moved):
    """A week that is charged otherwise; the difference goes into the period."""

    monday = day(required=True)
    period_start = day(required=True)


class MovedMoney(Schema):
    """What merging moves in money."""

    charges = fields.Nested(Moved, required=True)
    organisations = fields.List(fields.Nested(MovedOfOrganisation), required=True)
    weeks = fields.List(fields.Nested(MovedWeek), required=True)


class ClientMerge(Schema):
    """Two clients who are one, or would be."""

    state = fields.String(required=True, metadata={"enum": ["preview", "merged"]})
    client = fields.Nested(Person, required=True)
    into = fields.Nested(Person, required=True)
    money = fields.Nested(MovedMoney, required=True, allow_none=True)
    seen = fields.String(required=True, allow_none=True)
