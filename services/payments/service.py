"""What payments answers by RPC: wiring only."""

from typing import Any

from libs.common.progress import progress_of
from libs.common.rpc import Caller, Database, rpc
from services.payments import answers, periods, store_periods
from services.payments.schemas import FinalisePeriod, PeriodItems, WeeksPage
from services.payments.schemas_answers import ItemsPage, MatchedRefs, PeriodOf, RemittancePage
from services.payments.service_reports import ReportAnswers


class PaymentsService(ReportAnswers):
    """Weeks in money, periods, items and charges."""

    name = "payments"
    db = Database()

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
        with self.db.transaction(caller) as session:
            return periods.finalise(session, wanted["start"], wanted["contract"], who=caller["who"])

    @rpc
    def period_items(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a period's items, each explaining itself."""
        wanted = PeriodItems().load(payload)
        with self.db.transaction(caller) as session:
            return periods.items(session, wanted.pop("start"), wanted.pop("organisation"), **wanted)

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
    def payment_periods(self, caller: Caller) -> list[dict[str, Any]]:
        """The periods that hold something of the caller's."""
        with self.db.transaction(caller) as session:
            return answers.payment_periods(session, caller)

    @rpc
    def payment_items(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of a period's items, limited to what the caller may see."""
        wanted = ItemsPage().load(payload)
        with self.db.transaction(caller) as session:
            return answers.period_items(session, caller, **wanted)

    @rpc
    def payment_period(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """A period's state, and what it costs, deducts and comes to."""
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
    def progress(self, caller: Caller, cause_id: str | None = None) -> dict[str, dict[str, int]]:
        """What this service emitted and received, by event."""
        with self.db.transaction(caller) as session:
            return progress_of(session, cause_id)._asdict()
