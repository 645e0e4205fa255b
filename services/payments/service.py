"""What payments answers by RPC: wiring only."""

from typing import Any

from libs.common.operations.answers import OperationAnswers
from libs.common.proposals.rpc import ProposalAnswers
from libs.common.rpc import Caller, Database, rpc
from services.payments.callers import refuse_providers
from services.payments.holds import steps as holds_steps
from services.payments.items.schemas import (
    AnswerPeriod,
    ItemId,
    MoveItem,
    PeriodAnswers,
    PostAdjustment,
    SearchItems,
)
from services.payments.pay_rules import views as pay_rules_views
from services.payments.pay_rules.schemas import OneContract, SetPayRules, TryPayRules
from services.payments.periods import answers as periods_answers
from services.payments.periods import steps as periods_steps
from services.payments.periods import store as periods_store
from services.payments.periods import views as periods_views
from services.payments.periods.schemas import FinalisePeriod, WeeksPage
from services.payments.periods.schemas_views import (
    ItemsPage,
    MatchedRefs,
    OfContract,
    PeriodOf,
    RemittancePage,
)
from services.payments.proposals import steps as proposals_steps
from services.payments.service_approving import ApprovingAnswers
from services.payments.service_holds import HoldAnswers
from services.payments.service_reports import ReportAnswers


class PaymentsService(ReportAnswers, HoldAnswers, ApprovingAnswers, ProposalAnswers, OperationAnswers):
    """Weeks in money, periods, items and charges."""

    name = "payments"
    db = Database()
    steps = proposals_steps.STEPS

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def periods(self, caller: Caller) -> list[dict[str, Any]]:
        """Every payment period that holds something or is finalised."""
        with self.db.transaction(caller) as session:
            return periods_steps.list_periods(session)

    @rpc
    def finalise_period(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Freeze a period for one contract or for all."""
        wanted = FinalisePeriod().load(payload)
        refuse_providers(caller)
        with self.db.transaction(caller) as session:
            return periods_steps.finalise(session, wanted["start"], wanted["contract"], who=caller["who"])

    @rpc
    def totals(self, caller: Caller) -> dict[str, Any]:
        """All that was ever posted: payable by organisation, in all, and charged."""
        with self.db.transaction(caller) as session:
            return periods_store.totals(session)

    @rpc
    def weeks(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """A page of weeks in money."""
        wanted = WeeksPage().load(payload)
        with self.db.transaction(caller) as session:
            after = wanted["cpli_id"], wanted["monday"]
            return periods_store.weeks_in_money(session, after=after, limit=wanted["limit"])

    @rpc
    def visit_payments(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """What these visits pay and why: [organisation id, VisitRef, payment]."""
        wanted = MatchedRefs().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.visit_payments(session, wanted["visits"])

    @rpc
    def payment_periods(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The periods that hold something of the caller's, of a contract or of all."""
        wanted = OfContract().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.payment_periods(session, caller, **wanted)

    @rpc
    def contracts(self, caller: Caller) -> list[str]:
        """The contracts that the caller's packages are under."""
        with self.db.transaction(caller) as session:
            return periods_store.contracts(session)

    @rpc
    def payment_items(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a period's items, limited to what the caller may see."""
        wanted = ItemsPage().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.period_items(session, caller, **wanted)

    @rpc
    def payment_period(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A period's state, and what it costs, deducts and comes to, payable and not."""
        wanted = PeriodOf().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.payment_period(session, caller, **wanted)

    @rpc
    def remittance(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A page of a period's remittance advice."""
        wanted = RemittancePage().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.remittance(session, caller, **wanted)

    @rpc
    def payment_item(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """An item with its portions, what may be done with them, and what was done."""
        wanted = ItemId().load(payload)
        with self.db.transaction(caller) as session:
            return holds_steps.item(session, caller, **wanted)

    @rpc
    def search(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The newest items of a CPLI or a client."""
        wanted = SearchItems().load(payload)
        with self.db.transaction(caller) as session:
            return periods_views.search_items(session, **wanted)

    @rpc
    def move_item(self, caller: Caller, **payload: Any) -> None:
        """Split what of an item stands in a period; hold or release it where it is of no CPLI-week."""
        wanted = MoveItem().load(payload)
        with self.db.transaction(caller) as session:
            holds_steps.move_item(session, caller, **wanted)

    @rpc
    def post_adjustment(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Post a manual adjustment into an open period, or propose it where it needs two people."""
        wanted = PostAdjustment().load(payload)
        with self.db.transaction(caller) as session:
            return proposals_steps.adjust(session, caller, **wanted)

    @rpc
    def answer_period(self, caller: Caller, **payload: Any) -> None:
        """Confirm a period's payment, or reject it with a reason."""
        wanted = AnswerPeriod().load(payload)
        with self.db.transaction(caller) as session:
            periods_answers.answer_period(session, caller, **wanted)

    @rpc
    def period_answers(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """What providers answered about a period."""
        wanted = PeriodAnswers().load(payload)
        with self.db.transaction(caller) as session:
            return periods_answers.period_answers(session, caller, **wanted)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller, in numbers: payments to confirm, runs to approve."""
        with self.db.transaction(caller) as session:
            return periods_answers.waiting(session, caller)

    @rpc
    def contracts_with_rules(self, caller: Caller) -> list[dict[str, Any]]:
        """The contracts of care, and since when each has its pay rules."""
        with self.db.transaction(caller) as session:
            return pay_rules_views.contracts(session)

    @rpc
    def contract_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """All pay rules that were ever set for a contract."""
        wanted = OneContract().load(payload)
        with self.db.transaction(caller) as session:
            return pay_rules_views.contract_rules(session, **wanted)

    @rpc
    def propose_pay_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask a second person to have a contract paid by other rules from a date on."""
        wanted = SetPayRules().load(payload)
        with self.db.transaction(caller) as session:
            return proposals_steps.propose_pay_rules(session, caller, **wanted)

    @rpc
    def try_pay_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What one visit would pay, and each step that makes it."""
        wanted = TryPayRules().load(payload)
        with self.db.transaction(caller) as session:
            return pay_rules_views.try_pay_rules(session, **wanted)
