"""What payments answers by RPC to reports and charge pages: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from services.payments.charges import views as charges_views
from services.payments.merging import money
from services.payments.merging.schemas import MoneyOfMerge
from services.payments.reports import views as reports_views
from services.payments.reports.schemas import (
    ChargeAnswer,
    ChargedClient,
    ChargedClients,
    ChargeQuery,
    ChargeStatement,
    CommissionedActuals,
    PaymentExceptions,
    WeeklyHours,
)


class ReportAnswers:
    """A part of PaymentsService."""

    db: Database

    @rpc
    def commissioned_actuals(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """Weeks of CPLIs: what was commissioned against what is payable."""
        wanted = CommissionedActuals().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.commissioned_actuals(session, **wanted)

    @rpc
    def weekly_hours(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """Hours commissioned, delivered and frustrated, by week."""
        wanted = WeeklyHours().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.weekly_hours(session, caller, **wanted)

    @rpc
    def payment_exceptions(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of what is not ordinary among a period's items."""
        wanted = PaymentExceptions().load(payload)
        with self.db.transaction(caller) as session:
            return reports_views.payment_exceptions(session, caller, **wanted)

    @rpc
    def money_of_merge(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """What merging two clients would move in money."""
        wanted = MoneyOfMerge().load(payload)
        with self.db.transaction(caller) as session:
            return money.money_of_merge(session, caller, **wanted)

    @rpc
    def charged_clients(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of the clients with charges in a period."""
        wanted = ChargedClients().load(payload)
        with self.db.transaction(caller) as session:
            return charges_views.charged_clients(session, caller, **wanted)

    @rpc
    def charged_client(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A client with charges, and what was asked about them."""
        wanted = ChargedClient().load(payload)
        with self.db.transaction(caller) as session:
            return charges_views.charged_client(session, caller, **wanted)

    @rpc
    def charge_statement(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """What a client is charged, week by week."""
        wanted = ChargeStatement().load(payload)
        with self.db.transaction(caller) as session:
            return charges_views.charge_statement(session, caller, **wanted)

    @rpc
    def ask_about_charges(self, caller: Caller, **payload: Any) -> None:
        """Keep a query of a client's charges."""
        wanted = ChargeQuery().load(payload)
        with self.db.transaction(caller) as session:
            charges_views.ask(session, caller, **wanted)

    @rpc
    def answer_about_charges(self, caller: Caller, **payload: Any) -> None:
        """Keep an answer to a query."""
        wanted = ChargeAnswer().load(payload)
        with self.db.transaction(caller) as session:
            charges_views.answer(session, caller, **wanted)

    @rpc
    def unanswered_about_charges(self, caller: Caller) -> list[dict[str, Any]]:
        """Queries that wait for an answer."""
        with self.db.transaction(caller) as session:
            return charges_views.unanswered(session, caller)
