"""What payments answers by RPC: wiring only."""

from libs.common.operations.answers import OperationAnswers
from libs.common.proposals.rpc import ProposalAnswers
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.answering import answer_by
from services.payments.adjustments.schemas import PostAdjustment
from services.payments.finalising import checklist as finalising_checklist
from services.payments.finalising import steps as finalising_steps
from services.payments.finalising.schemas import FinalisePeriod
from services.payments.holds import steps as holds_steps
from services.payments.holds import views as holds_views
from services.payments.holds.schemas import MoveItem
from services.payments.items import views as items_views
from services.payments.items.schemas import ItemId, ItemsPage, SearchItems
from services.payments.packages import store as packages_store
from services.payments.periods import answers as periods_answers
from services.payments.periods import store as periods_store
from services.payments.periods import views as periods_views
from services.payments.periods.schemas import AnswerPeriod, OfContract, PeriodAnswers, PeriodOf, WeeksPage
from services.payments.proposals import steps as proposals_steps
from services.payments.remittances import views as remittances_views
from services.payments.remittances.schemas import RemittancePage
from services.payments.reports import waiting as reports_waiting
from services.payments.service_approving import ApprovingAnswers
from services.payments.service_holds import HoldAnswers
from services.payments.service_invoices import InvoiceAnswers
from services.payments.service_prices import PriceAnswers
from services.payments.service_reports import ReportAnswers


class PaymentsService(
    ReportAnswers,
    HoldAnswers,
    InvoiceAnswers,
    PriceAnswers,
    ApprovingAnswers,
    ProposalAnswers,
    OperationAnswers,
):
    """Weeks in money, periods, items and charges."""

    name = "payments"
    db = Database()
    steps = proposals_steps.STEPS

    @rpc  # without a transaction: it answers while the database is away
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    waiting = answer_by(reports_waiting.count_waiting)

    totals = answer_by(periods_store.sum_books)
    weeks = answer_by(periods_store.list_weeks_in_money, WeeksPage)
    contracts = answer_by(packages_store.list_contracts)

    periods = answer_by(periods_views.list_periods)
    payment_periods = answer_by(periods_views.list_periods_of_caller, OfContract)
    payment_period = answer_by(periods_views.describe_period, PeriodOf)
    remittance = answer_by(remittances_views.describe_remittance, RemittancePage)
    finalising_checklist = answer_by(finalising_checklist.describe_checklist, FinalisePeriod)
    finalise_period = answer_by(finalising_steps.finalise_period, FinalisePeriod)
    answer_period = answer_by(periods_answers.answer_period, AnswerPeriod)
    period_answers = answer_by(periods_answers.list_period_answers, PeriodAnswers)

    payment_items = answer_by(items_views.list_period_items, ItemsPage)
    payment_item = answer_by(holds_views.describe_item, ItemId)
    search = answer_by(items_views.search_items, SearchItems)
    move_item = answer_by(holds_steps.move_item, MoveItem)
    post_adjustment = answer_by(proposals_steps.adjust, PostAdjustment)
