"""Payment periods, their remittance advice, and what providers answer."""

from __future__ import annotations

from libs.common.seams.payments.finalising import FinalisingChecklist
from libs.common.seams.payments.periods import FinalisedPeriod, Period, PeriodAnswer, PeriodState
from libs.common.seams.payments.remittances import Remittance
from services.portal.clients.service_client import ServiceClient


class PeriodsClient(ServiceClient):
    """A part of PaymentsClient."""

    def contracts(self) -> list[str]:
        """The contracts that the caller's packages are under."""
        return self._ask("contracts")

    def payment_periods(self, *, contract: str | None = None) -> list[Period]:
        """The periods that hold something of the caller's, of a contract or of all, oldest first."""
        return self._ask("payment_periods", contract=contract)

    def payment_period(
        self, *, start: str, organisation: str | None = None, contract: str | None = None
    ) -> PeriodState:
        """A period's state, and what it costs, deducts and comes to, payable and not."""
        return self._ask("payment_period", start=start, organisation=organisation, contract=contract)

    def remittance(
        self,
        *,
        start: str,
        organisation: str | None,
        contract: str | None = None,
        payment_method: str | None = None,
        summary: bool = False,
        after: int,
        limit: int,
    ) -> Remittance:
        """So many lines of a period's remittance advice after the first ones; summary: without clients."""
        which = {"start": start, "organisation": organisation, "contract": contract}
        which["payment_method"] = payment_method
        return self._ask("remittance", **which, summary=summary, after=after, limit=limit)

    def finalising_checklist(self, *, start: str, contract: str | None) -> FinalisingChecklist:
        """What there is to look at before a period is finalised, as far as payments knows. Council only."""
        return self._ask("finalising_checklist", start=start, contract=contract)

    def finalise_period(self, *, start: str, contract: str | None) -> FinalisedPeriod:
        """Freeze a period for one contract or for all. Council only."""
        return self._ask("finalise_period", start=start, contract=contract)

    def answer_period(self, *, start: str, answer: str, payable: str, reason: str = "") -> None:
        """Confirm a period's payment, or reject it with a reason; payable: what was shown, in pounds."""
        self._ask("answer_period", start=start, answer=answer, payable=payable, reason=reason)

    def period_answers(self, *, start: str, organisation: str | None) -> list[PeriodAnswer]:
        """What providers answered about a period, rejections first."""
        return self._ask("period_answers", start=start, organisation=organisation)
