"""What disputes answers by RPC about one-off claims: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.claims import deciding, steps, views
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
    """One-off claims: listed, looked at, drafted, submitted, decided."""

    db: Database

    claims = answer_by(views.list_claims, ClaimsPage)
    claim = answer_by(views.find_claim, ClaimId)
    draft_claim = answer_by(steps.draft_claim, DraftClaim)
    save_claim_item = answer_by(steps.save_item, SaveClaimItem)
    remove_claim_item = answer_by(steps.remove_item, ClaimItemId)
    amend_claim_item = answer_by(steps.amend_item, AmendClaimItem)
    cancel_claim = answer_by(steps.cancel_claim, CancelClaim)
    work_out_claim = answer_by(deciding.work_out_claim, WorkOutClaim)
    submit_claim = answer_by(deciding.submit_claim, SubmitClaim)
    decide_claim = answer_by(deciding.decide_claim, DecideClaim)
