"""What payments answers by RPC: wiring only."""

from typing import Any

from libs.common.operations import OperationAnswers
from libs.common.proposals_rpc import ProposalAnswers
from libs.common.rpc import Caller, Database, rpc
from services.payments import (
    answers,
    answers_pay_rules,
    holds,
    period_answers,
    periods,
    proposals,
    store_periods,
)
from services.payments.asking import refuse_providers
from services.payments.schemas import FinalisePeriod, WeeksPage
from services.payments.schemas_answers import ItemsPage, MatchedRefs, OfContract, PeriodOf, RemittancePage
from services.payments.schemas_items import (
    AnswerPeriod,
    ItemId,
    MoveItem,
    PeriodAnswers,
    PostAdjustment,
    SearchItems,
)
from services.payments.schemas_pay_rules import OneContract, SetPayRules, TryPayRules
from services.payments.service_approving import ApprovingAnswers
from services.payments.service_holds import HoldAnswers
from services.payments.service_reports import ReportAnswers


class PaymentsService(ReportAnswers, HoldAnswers, ApprovingAnswers, ProposalAnswers, OperationAnswers):
    """Weeks in money, periods, items and charges."""

    name = "payments"
    db = Database()
    steps = proposals.STEPS

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def periods(self, caller: Caller) -> list[dict[str, Any]]:
        """Every payment period that holds something or is finalised."""
        with self.db.transaction(caller) as session:
            return periods.list_periods(session)

    @rpc
    def finalise_period(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Freeze a period for one contract or for all."""
        wanted = FinalisePeriod().load(payload)
        refuse_providers(caller)
        with self.db.transaction(caller) as session:
            return periods.finalise(session, wanted["start"], wanted["contract"], who=caller["who"])

    @rpc
    def totals(self, caller: Caller) -> dict[str, Any]:
        """All that was ever posted: payable by organisation, in all, and charged."""
        with self.db.transaction(caller) as session:
            return store_periods.totals(session)

    @rpc
    def weeks(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """A page of weeks in money."""
        wanted = WeeksPage().load(payload)
        with self.db.transaction(caller) as session:
            after = wanted["cpli_id"], wanted["monday"]
            return store_periods.weeks_in_money(session, after=after, limit=wanted["limit"])

    @rpc
    def visit_payments(self, caller: Caller, **payload: Any) -> list[list[Any]]:
        """What these visits pay and why: [organisation id, VisitRef, payment]."""
        wanted = MatchedRefs().load(payload)
        with self.db.transaction(caller) as session:
            return answers.visit_payments(session, wanted["visits"])

    @rpc
    def payment_periods(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The periods that hold something of the caller's, of a contract or of all."""
        wanted = OfContract().load(payload)
        with self.db.transaction(caller) as session:
            return answers.payment_periods(session, caller, **wanted)

    @rpc
    def contracts(self, caller: Caller) -> list[str]:
        """The contracts that the caller's packages are under."""
        with self.db.transaction(caller) as session:
            return store_periods.contracts(session)

    @rpc
    def payment_items(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a period's items, limited to what the caller may see."""
        wanted = ItemsPage().load(payload)
        with self.db.transaction(caller) as session:
            return answers.period_items(session, caller, **wanted)

    @rpc
    def payment_period(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A period's state, and what it costs, deducts and comes to, payable and not."""
        wanted = PeriodOf().load(payload)
        with self.db.transaction(caller) as session:
            return answers.payment_period(session, caller, **wanted)

    @rpc
    def remittance(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A page of a period's remittance advice."""
        wanted = RemittancePage().load(payload)
        with self.db.transaction(caller) as session:
            return answers.remittance(session, caller, **wanted)

    @rpc
    def payment_item(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """An item with its portions, what may be done with them, and what was done."""
        wanted = ItemId().load(payload)
        with self.db.transaction(caller) as session:
            return holds.item(session, caller, **wanted)

    @rpc
    def search(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The newest items of a CPLI or a client."""
        wanted = SearchItems().load(payload)
        with self.db.transaction(caller) as session:
            return answers.search_items(session, **wanted)

    @rpc
    def move_item(self, caller: Caller, **payload: Any) -> None:
        """Split what of an item stands in a period; hold or release it where it is of no CPLI-week."""
        wanted = MoveItem().load(payload)
        with self.db.transaction(caller) as session:
            holds.move_item(session, caller, **wanted)

    @rpc
    def post_adjustment(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Post a manual adjustment into an open period, or propose it where it needs two people."""
        wanted = PostAdjustment().load(payload)
        with self.db.transaction(caller) as session:
            return proposals.adjust(session, caller, **wanted)

    @rpc
    def answer_period(self, caller: Caller, **payload: Any) -> None:
        """Confirm a period's payment, or reject it with a reason."""
        wanted = AnswerPeriod().load(payload)
        with self.db.transaction(caller) as session:
            period_answers.answer_period(session, caller, **wanted)

    @rpc
    def period_answers(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """What providers answered about a period."""
        wanted = PeriodAnswers().load(payload)
        with self.db.transaction(caller) as session:
            return period_answers.period_answers(session, caller, **wanted)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller, in numbers: payments to confirm, runs to approve."""
        with self.db.transaction(caller) as session:
            return period_answers.waiting(session, caller)

    @rpc
    def contracts_with_rules(self, caller: Caller) -> list[dict[str, Any]]:
        """The contracts of care, and since when each has its pay rules."""
        with self.db.transaction(caller) as session:
            return answers_pay_rules.contracts(session)

    @rpc
    def contract_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """All pay rules that were ever set for a contract."""
        wanted = OneContract().load(payload)
        with self.db.transaction(caller) as session:
            return answers_pay_rules.contract_rules(session, **wanted)

    @rpc
    def propose_pay_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask a second person to have a contract paid by other rules from a date on."""
        wanted = SetPayRules().load(payload)
        with self.db.transaction(caller) as session:
            return proposals.propose_pay_rules(session, caller, **wanted)

    @rpc
    def try_pay_rules(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What one visit would pay, and each step that makes it."""
        wanted = TryPayRules().load(payload)
        with self.db.transaction(caller) as session:
            return answers_pay_rules.try_pay_rules(session, **wanted)
