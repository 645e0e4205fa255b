"""What disputes answers by RPC about one-off claims: wiring only."""

from typing import Any

from libs.common.care.clock import now
from libs.common.rpc import Caller, Database, rpc
from services.disputes.claims import deciding
from services.disputes.claims import steps as claims_steps
from services.disputes.claims.days import counts_of_environment
from services.disputes.claims.schemas import (
    AmendClaimItem,
    CancelClaim,
    ClaimId,
    ClaimItemId,
    ClaimsPage,
    DecideClaim,
    DraftClaim,
    SaveClaimItem,
    SubmitClaim,
    WorkOutClaim,
)


class ClaimAnswers:
    """A part of DisputesService."""

    db: Database

    @rpc
    def claims(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of claims."""
        wanted = ClaimsPage().load(payload)
        with self.db.transaction(caller) as session:
            return claims_steps.claims(session, caller, **wanted)

    @rpc
    def claim(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A claim with its items and its conversation."""
        wanted = ClaimId().load(payload)
        with self.db.transaction(caller) as session:
            return claims_steps.claim(session, caller, now=now(), **wanted)

    @rpc
    def draft_claim(self, caller: Caller, **payload: Any) -> None:
        """Begin a claim."""
        wanted = DraftClaim().load(payload)
        with self.db.transaction(caller) as session:
            claims_steps.draft(session, caller, now=now(), **wanted)

    @rpc
    def save_claim_item(self, caller: Caller, **payload: Any) -> None:
        """Add an item to a draft, or change one."""
        wanted = SaveClaimItem().load(payload)
        with self.db.transaction(caller) as session:
            claims_steps.save_item(session, caller, now=now(), **wanted)

    @rpc
    def remove_claim_item(self, caller: Caller, **payload: Any) -> None:
        """Take an item out of a draft."""
        wanted = ClaimItemId().load(payload)
        with self.db.transaction(caller) as session:
            claims_steps.remove_item(session, caller, now=now(), **wanted)

    @rpc
    def amend_claim_item(self, caller: Caller, **payload: Any) -> None:
        """Change an item's amount before the claim is accepted, include or exclude it."""
        wanted = AmendClaimItem().load(payload)
        with self.db.transaction(caller) as session:
            claims_steps.amend_item(session, caller, now=now(), **wanted)

    @rpc
    def cancel_claim(self, caller: Caller, **payload: Any) -> None:
        """Drop a draft."""
        wanted = CancelClaim().load(payload)
        with self.db.transaction(caller) as session:
            claims_steps.cancel(session, caller, now=now(), **wanted)

    @rpc
    def work_out_claim(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A claim with what it is worth by the visits of today."""
        wanted = WorkOutClaim().load(payload)
        counts = counts_of_environment()
        with self.db.transaction(caller) as session:
            return deciding.work_out(session, caller, now=now(), counts=counts, **wanted)

    @rpc
    def submit_claim(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Hand a draft to the council."""
        wanted = SubmitClaim().load(payload)
        counts = counts_of_environment()
        with self.db.transaction(caller) as session:
            return deciding.submit(session, caller, now=now(), counts=counts, **wanted)

    @rpc
    def decide_claim(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Accept or reject a claim."""
        wanted = DecideClaim().load(payload)
        counts = counts_of_environment()
        with self.db.transaction(caller) as session:
            return deciding.decide(session, caller, now=now(), counts=counts, **wanted)
