"""What payments answers by RPC: wiring only."""

from libs.common.operations.answers import OperationAnswers
from libs.common.proposals.rpc import ProposalAnswers
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.subjects.answers import answers_about
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
from services.payments.subjects.parts import PARTS


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
    held_parts, held_rows = answers_about(PARTS)
    steps = proposals_steps.STEPS

    @answering(rights.KNOW_NAMES)  # without a transaction: it answers while the database is away
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    waiting = answer_by(reports_waiting.count_waiting, needs=(rights.KNOW_NAMES,))

    totals = answer_by(periods_store.sum_books, needs=(rights.OPERATE,))
    weeks = answer_by(periods_store.list_weeks_in_money, WeeksPage, needs=(rights.OPERATE,))
    contracts = answer_by(packages_store.list_contracts, needs=(rights.KNOW_NAMES,))

    periods = answer_by(periods_views.list_periods, needs=(rights.OPERATE,))
    payment_periods = answer_by(
        periods_views.list_periods_of_caller, OfContract, needs=(rights.READ_PAYMENTS,)
    )
    payment_period = answer_by(periods_views.describe_period, PeriodOf, needs=(rights.READ_PAYMENTS,))
    remittance = answer_by(
        remittances_views.describe_remittance, RemittancePage, needs=(rights.READ_PAYMENTS,)
    )
    finalising_checklist = answer_by(
        finalising_checklist.describe_checklist, FinalisePeriod, needs=(rights.READ_CHECKLIST,)
    )
    finalise_period = answer_by(
        finalising_steps.finalise_period, FinalisePeriod, needs=(rights.FINALISE_PERIODS,)
    )
    answer_period = answer_by(periods_answers.answer_period, AnswerPeriod, needs=(rights.ANSWER_PAYMENTS,))
    period_answers = answer_by(
        periods_answers.list_period_answers, PeriodAnswers, needs=(rights.READ_PAYMENTS,)
    )

    payment_items = answer_by(items_views.list_period_items, ItemsPage, needs=(rights.READ_PAYMENTS,))
    payment_item = answer_by(holds_views.describe_item, ItemId, needs=(rights.READ_PAYMENTS,))
    search = answer_by(items_views.search_items, SearchItems, needs=(rights.READ_PAYMENTS,))
    move_item = answer_by(holds_steps.move_item, MoveItem, needs=(rights.HOLD_PAYMENTS,))
    post_adjustment = answer_by(proposals_steps.adjust, PostAdjustment, needs=(rights.ADJUST_PAYMENTS,))
