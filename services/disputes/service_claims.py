"""What disputes answers by RPC about one-off claims: wiring only."""

from libs.common.rights import names as rights
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

    claims = answer_by(views.list_claims, ClaimsPage, needs=(rights.READ_CASEWORK,))
    claim = answer_by(views.find_claim, ClaimId, needs=(rights.READ_CASEWORK,))
    draft_claim = answer_by(steps.draft_claim, DraftClaim, needs=(rights.OPEN_OWN_CASES,))
    save_claim_item = answer_by(steps.save_item, SaveClaimItem, needs=(rights.OPEN_OWN_CASES,))
    remove_claim_item = answer_by(steps.remove_item, ClaimItemId, needs=(rights.OPEN_OWN_CASES,))
    amend_claim_item = answer_by(steps.amend_item, AmendClaimItem, needs=(rights.DECIDE_CLAIMS,))
    cancel_claim = answer_by(steps.cancel_claim, CancelClaim, needs=(rights.OPEN_OWN_CASES,))
    # whoever reads an open claim has it worked out by the visits of today
    work_out_claim = answer_by(deciding.work_out_claim, WorkOutClaim, needs=(rights.READ_CASEWORK,))
    submit_claim = answer_by(
        deciding.submit_claim,
        SubmitClaim,
        needs=(
            rights.OPEN_OWN_CASES,
            rights.DECIDE_CLAIMS,
        ),
    )
    decide_claim = answer_by(deciding.decide_claim, DecideClaim, needs=(rights.DECIDE_CLAIMS,))
