"""What the API answers of proposals that need two people."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from services.portal.api.asked import Asked, text_of
from services.portal.api.schemas import moment, pounds


class ProposalsQuery(Asked):
    """A page of proposals."""

    cursor = text_of(500, metadata={"description": "next_cursor of the page before"})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class EffectSums(Schema):
    """Payable as it is, as it would be, and what of the difference falls into finalised periods."""

    before = pounds(required=True)
    after = pounds(required=True)
    posted_back = pounds(required=True)


class EffectOfOrganisation(EffectSums):
    """A provider's."""

    organisation = fields.String(required=True)


class Effect(Schema):
    """What a proposal would change in money."""

    in_all = fields.Nested(EffectSums, required=True)
    organisations = fields.List(fields.Nested(EffectOfOrganisation), required=True)


class ProposalInList(Schema):
    """What somebody wants done; ``wanted`` depends on the kind."""

    proposal_id = fields.String(required=True)
    kind = fields.String(required=True)
    wanted = fields.Dict(required=True)
    proposed_by = fields.String(required=True)
    proposed_at = moment(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("waiting", "approved", "refused")))
    reason = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = moment(required=True, allow_none=True)


class Proposals(Schema):
    """A page of proposals."""

    items = fields.List(fields.Nested(ProposalInList), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class Proposal(ProposalInList):
    """A proposal with its effect."""

    effect = fields.Nested(Effect, required=True, allow_none=True)
