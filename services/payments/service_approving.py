"""What payments answers by RPC about runs and debts: wiring only."""

from libs.common.proposals.rpc import ProposalId
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

    debts = answer_by(debts_views.list_debts, OfOrganisation)
    debt_sums = answer_by(debts_views.sum_debts, OfOrganisation)
    propose_write_off = answer_by(proposals_steps.propose_write_off, WriteOff)
    effect = answer_by(effects.effect, ProposalId)

    runs = answer_by(runs_views.list_runs, RunsPage)
    payment_run = answer_by(runs_views.describe_run, RunId)
    run_limits = answer_by(runs_views.list_run_limits)
    set_run_limits = answer_by(runs_steps.set_run_limits, SetRunLimits)
    prepare_run = answer_by(runs_steps.prepare_run, PrepareRun)
    approve_run = answer_by(runs_steps.approve_run, RunId)
    reject_run = answer_by(runs_steps.reject_run, RejectRun)
