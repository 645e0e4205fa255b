"""Payment runs and debts."""

from __future__ import annotations

from collections.abc import Sequence

from libs.common.seams.payments.debts import Debt, DebtSums
from libs.common.seams.payments.runs import Run, RunInFull, RunLimits
from libs.common.seams.proposals import Proposed
from services.portal.clients.payload_types import CpliWeek, MatchedRef
from services.portal.clients.service_client import ServiceClient


class RunsClient(ServiceClient):
    """A part of PaymentsClient."""

    def runs(self, *, start: str | None = None, after: str | None, limit: int) -> list[Run]:
        """A page of runs (of a period, or of all), newest first, after one. Council only."""
        return self._ask("runs", start=start, after=after, limit=limit)

    def payment_run(self, *, run_id: str) -> RunInFull:
        """A run as its approver must see it, as far as payments knows. Council only."""
        return self._ask("payment_run", run_id=run_id)

    def run_limits(self) -> list[RunLimits]:
        """From when on a change is large; the newest limits, which hold, first. Council only."""
        return self._ask("run_limits")

    def set_run_limits(self, *, percent: str, pounds: str, adjustments: str) -> None:
        """Have other limits hold for what is prepared and adjusted from now on. Council only."""
        self._ask("set_run_limits", percent=percent, pounds=pounds, adjustments=adjustments)

    def prepare_run(self, *, run_id: str, start: str, contract: str | None) -> None:
        """Keep what is payable in a period as a run; once for the asker's own run_id. Council only."""
        self._ask("prepare_run", run_id=run_id, start=start, contract=contract)

    def approve_run(self, *, run_id: str) -> None:
        """Approve a run that somebody else has prepared. Council only."""
        self._ask("approve_run", run_id=run_id)

    def reject_run(self, *, run_id: str, reason: str) -> None:
        """Reject a run, with the reason. Council only."""
        self._ask("reject_run", run_id=run_id, reason=reason)

    def money_at_stake(self, *, visits: Sequence[MatchedRef], weeks: Sequence[CpliWeek]) -> dict[str, str]:
        """What visits and weeks of CPLIs pay together: pounds as text by organisation id."""
        return self._ask("money_at_stake", visits=visits, weeks=weeks)

    def debts(self, *, organisation: str | None = None) -> list[Debt]:
        """Debts with what came off and what is still owed, newest first."""
        return self._ask("debts", organisation=organisation)

    def debt_sums(self, *, organisation: str | None = None) -> DebtSums:
        """How many debts there are, and what is still owed of all of them."""
        return self._ask("debt_sums", organisation=organisation)

    def propose_write_off(self, *, debt_id: str, reason: str) -> Proposed:
        """Ask a second person to let go of what is owed of a debt. Council only."""
        return self._ask("propose_write_off", debt_id=debt_id, reason=reason)
