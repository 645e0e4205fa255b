"""What visits pay, and the pay rules of contracts."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.payments.pay_rules import ContractRules, ContractWithRules, PayRulesData
from libs.common.seams.payments.prices import TriedPrice, VisitPayment
from libs.common.seams.proposals import Proposed
from services.portal.clients.payload_types import MatchedRef
from services.portal.clients.service_client import ServiceClient


class PricesClient(ServiceClient):
    """A part of PaymentsClient."""

    def visit_payments(self, *, visits: Sequence[MatchedRef]) -> list[VisitPayment]:
        """What each of these visits pays and why, where its week is priced."""
        return [VisitPayment(*one) for one in self._ask("visit_payments", visits=visits)]

    def contracts_with_rules(self) -> list[ContractWithRules]:
        """The contracts of care, and since when each has its pay rules."""
        return self._ask("contracts_with_rules")

    def contract_rules(self, *, contract: str) -> ContractRules:
        """All pay rules that were ever set for a contract."""
        return self._ask("contract_rules", contract=contract)

    def propose_pay_rules(self, *, contract: str, effective_from: str, rules: PayRulesData) -> Proposed:
        """Ask a second person to have a contract paid by other rules from a date on. Council only."""
        return self._ask("propose_pay_rules", contract=contract, effective_from=effective_from, rules=rules)

    def try_pay_rules(
        self,
        *,
        contract: str,
        planned_on: str,
        planned_entry: str,
        planned_exit: str,
        delivered_entry: str | None,
        delivered_exit: str | None,
        visit_type: str,
        unit_cost: str,
    ) -> TriedPrice:
        """What one visit would pay, and each step that makes it; times are ``HH:MM``."""
        planned = {"planned_on": planned_on, "planned_entry": planned_entry, "planned_exit": planned_exit}
        delivered = {"delivered_entry": delivered_entry, "delivered_exit": delivered_exit}
        return self._ask(
            "try_pay_rules",
            contract=contract,
            **planned,
            **delivered,
            visit_type=visit_type,
            unit_cost=unit_cost,
        )
