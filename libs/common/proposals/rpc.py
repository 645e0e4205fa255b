"""What a service with proposals answers by RPC: the same methods wherever two people decide."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from libs.common.proposals import steps as proposals_steps
from libs.common.proposals.deciders import DECIDERS
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.rpc.callers import require
from libs.common.rpc.payloads import Payload


class ProposalId(Payload):
    """A proposal."""

    proposal_id = fields.UUID(required=True)


class ProposalsPage(Payload):
    """Proposals; or of those that are decided, the ones proposed before a (moment, id)."""

    before = fields.Tuple((fields.AwareDateTime(), fields.UUID()), load_default=None, allow_none=True)
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 500))


class Decision(ProposalId):
    """What a second person decides; a refusal has a reason."""

    approves = fields.Boolean(required=True)
    reason = fields.String(load_default="", validate=validate.Length(max=1000))


class ProposalAnswers:
    """A part of a service; ``steps`` says what is done with the approval of each kind."""

    db: Database
    steps: ClassVar[Mapping[str, proposals_steps.CarryOut]]

    proposals = answer_by(proposals_steps.list_proposals, ProposalsPage, needs=(rights.READ_PROPOSALS,))
    proposal = answer_by(proposals_steps.find_proposal, ProposalId, needs=(rights.READ_PROPOSALS,))

    @answering(rights.DECIDE_MONEY, rights.DECIDE_PAY_RULES, rights.DECIDE_RANKINGS)
    def decide_proposal(self, caller: Caller, **payload: Any) -> None:
        """Approve a proposal that somebody else made, or refuse one: each service has steps of its own for it."""
        wanted = Decision().load(payload)
        with self.db.transaction(caller) as session:
            found = proposals_steps.find_proposal(session, caller, proposal_id=wanted["proposal_id"])
            require(caller, DECIDERS[found["kind"]])
            proposals_steps.decide(session, caller, steps=self.steps, **wanted)
