"""What payments answers by RPC about runs and debts: wiring only."""

from libs.common.proposals.rpc import ProposalId
from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import OfOrganisation
from services.payments.debts import views as debts_views
from services.payments.debts.schemas import WriteOff
from services.payments.proposals import effects
from services.payments.proposals import steps as proposals_steps
from services.payments.runs import steps as runs_steps
from services.payments.runs import views as runs_views
from services.payments.runs.schemas import PrepareRun, RejectRun, RunId, RunsPage, SetRunLimits


class ApprovingAnswers:
    """A part of PaymentsService."""

    db: Database

    debts = answer_by(debts_views.list_debts, OfOrganisation, needs=(rights.READ_PAYMENTS,))
    debt_sums = answer_by(debts_views.sum_debts, OfOrganisation, needs=(rights.READ_PAYMENTS,))
    propose_write_off = answer_by(
        proposals_steps.propose_write_off, WriteOff, needs=(rights.ADJUST_PAYMENTS,)
    )
    effect = answer_by(effects.effect, ProposalId, needs=(rights.READ_PROPOSALS,))

    runs = answer_by(runs_views.list_runs, RunsPage, needs=(rights.READ_RUNS,))
    payment_run = answer_by(runs_views.describe_run, RunId, needs=(rights.READ_RUNS,))
    run_limits = answer_by(runs_views.list_run_limits, needs=(rights.READ_RUNS,))
    set_run_limits = answer_by(runs_steps.set_run_limits, SetRunLimits, needs=(rights.APPROVE_RUNS,))
    prepare_run = answer_by(runs_steps.prepare_run, PrepareRun, needs=(rights.PREPARE_RUNS,))
    approve_run = answer_by(runs_steps.approve_run, RunId, needs=(rights.APPROVE_RUNS,))
    reject_run = answer_by(runs_steps.reject_run, RejectRun, needs=(rights.APPROVE_RUNS,))
