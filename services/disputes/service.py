"""What disputes answers by RPC: wiring only."""

from libs.common.care.clock import now
from libs.common.operations.answers import OperationAnswers
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.rpc.payloads import ObjectKeys
from libs.common.subjects.answers import answers_about
from services.disputes.cases import held as cases_held
from services.disputes.cases import steps as cases_steps
from services.disputes.cases import views as cases_views
from services.disputes.cases.schemas import AttachmentId, CaseId, CasesPage, KnownCases, Say
from services.disputes.concerns import figures as concerns_figures
from services.disputes.disputes import steps as disputes_steps
from services.disputes.disputes import views as disputes_views
from services.disputes.disputes.schemas import (
    DaysOfDisputes,
    DisputeId,
    RaiseDisputes,
    ResolveDisputes,
    VisitsOfDisputes,
    WithdrawDisputed,
)
from services.disputes.doubts import views as doubts_views
from services.disputes.offers import views as offers_views
from services.disputes.service_claims import ClaimAnswers
from services.disputes.service_concerns import ConcernAnswers
from services.disputes.service_conversations import ConversationAnswers
from services.disputes.service_doubts import DoubtAnswers
from services.disputes.service_kpis import KpiAnswers
from services.disputes.service_offers import OfferAnswers
from services.disputes.subjects.parts import PARTS


class DisputesService(
    DoubtAnswers,
    ClaimAnswers,
    ConversationAnswers,
    ConcernAnswers,
    KpiAnswers,
    OfferAnswers,
    OperationAnswers,
):
    """Disputes, enquiries, actions, reviews, one-off claims, concerns, meetings, and offers of requisitions."""

    name = "disputes"
    db = Database()
    held_parts, held_rows = answers_about(PARTS)

    cases = answer_by(cases_views.list_cases, CasesPage, needs=(rights.READ_CASEWORK,))
    case = answer_by(cases_views.find_case, CaseId, needs=(rights.READ_CASEWORK,))
    say = answer_by(
        cases_steps.say,
        Say,
        # each kind of case has its own right, which the operation or page has asked for
        needs=(rights.ANSWER_CASEWORK, rights.OPEN_OWN_CASES, rights.DECIDE_CLAIMS),
    )
    known_cases = answer_by(cases_views.find_known_cases, KnownCases, needs=(rights.READ_CASEWORK,))
    attachment = answer_by(cases_views.find_attachment, AttachmentId, needs=(rights.READ_CASEWORK,))
    held_objects = answer_by(cases_held.find_held, ObjectKeys, needs=(rights.OPERATE,))
    case_counts = answer_by(cases_views.count_cases, needs=(rights.READ_CASEWORK,))

    dispute = answer_by(disputes_views.find_dispute, DisputeId, needs=(rights.READ_CASEWORK,))
    disputes_of_visits = answer_by(
        disputes_views.list_disputes_of_visits, VisitsOfDisputes, needs=(rights.READ_CASEWORK,)
    )
    open_disputes = answer_by(
        disputes_views.list_open_disputes, DaysOfDisputes, needs=(rights.READ_CASEWORK,)
    )
    raise_disputes = answer_by(disputes_steps.raise_disputes, RaiseDisputes, needs=(rights.SETTLE_CASEWORK,))
    resolve_disputes = answer_by(
        disputes_steps.resolve_disputes, ResolveDisputes, needs=(rights.SETTLE_CASEWORK,)
    )
    withdraw_disputed = answer_by(disputes_steps.withdraw, WithdrawDisputed, needs=(rights.SETTLE_CASEWORK,))

    @answering(rights.KNOW_NAMES)  # asks no database: it answers while there is none
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @answering(rights.KNOW_NAMES)  # it adds up what several features count
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller, in numbers."""
        with self.db.transaction(caller) as session:
            return (
                cases_views.count_waiting(session, caller)
                | doubts_views.count_waiting(session, caller)
                | concerns_figures.count_waiting(session, caller)
                | offers_views.count_waiting(session, caller, now())
            )
