"""What payments answers by RPC about runs and debts: wiring only."""

from typing import Any

from libs.common.proposals.rpc import ProposalId
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.payloads import OfOrganisation
from services.payments.debts import steps as debts_steps
from services.payments.proposals import effects
from services.payments.proposals import steps as proposals_steps
from services.payments.runs import facts
from services.payments.runs import steps as runs_steps
from services.payments.runs.schemas import (
    MoneyAtStake,
    PrepareRun,
    RejectRun,
    RunId,
    RunsPage,
    SetRunLimits,
    WriteOff,
)


class ApprovingAnswers:
    """A part of PaymentsService."""

    db: Database

    @rpc
    def debts(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """Debts with what came off and what is still owed, newest first."""
        wanted = OfOrganisation().load(payload)
        with self.db.transaction(caller) as session:
            return debts_steps.debts(session, caller, **wanted)

    @rpc
    def propose_write_off(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask a second person to let go of what is owed of a debt."""
        wanted = WriteOff().load(payload)
        with self.db.transaction(caller) as session:
            return proposals_steps.propose_write_off(session, caller, **wanted)

    @rpc
    def effect(self, caller: Caller, **payload: Any) -> dict[str, Any] | None:
        """What a proposal (of whatever service) would change in money; None while it is being worked out."""
        wanted = ProposalId().load(payload)
        with self.db.transaction(caller) as session:
            return effects.effect(session, caller, **wanted)

    @rpc
    def money_at_stake(self, caller: Caller, **payload: Any) -> dict[str, str]:
        """What visits and weeks pay together, by organisation."""
        wanted = MoneyAtStake().load(payload)
        with self.db.transaction(caller) as session:
            return facts.money_at_stake(session, **wanted)

    @rpc
    def runs(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of payment runs, newest first."""
        wanted = RunsPage().load(payload)
        with self.db.transaction(caller) as session:
            return runs_steps.runs(session, caller, **wanted)

    @rpc
    def payment_run(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A payment run against last period, with its large changes."""
        wanted = RunId().load(payload)
        with self.db.transaction(caller) as session:
            return runs_steps.payment_run(session, caller, **wanted)

    @rpc
    def run_limits(self, caller: Caller) -> list[dict[str, Any]]:
        """From when on a change is large in a run; the newest limits first."""
        with self.db.transaction(caller) as session:
            return runs_steps.run_limits(session, caller)

    @rpc
    def set_run_limits(self, caller: Caller, **payload: Any) -> None:
        """Have other limits hold for the runs that are prepared from now on."""
        wanted = SetRunLimits().load(payload)
        with self.db.transaction(caller) as session:
            runs_steps.set_run_limits(session, caller, **wanted)

    @rpc
    def prepare_run(self, caller: Caller, **payload: Any) -> None:
        """Keep what is payable in a period as a run to be approved."""
        wanted = PrepareRun().load(payload)
        with self.db.transaction(caller) as session:
            runs_steps.prepare_run(session, caller, **wanted)

    @rpc
    def approve_run(self, caller: Caller, **payload: Any) -> None:
        """Approve a run that somebody else has prepared."""
        wanted = RunId().load(payload)
        with self.db.transaction(caller) as session:
            runs_steps.approve_run(session, caller, **wanted)

    @rpc
    def reject_run(self, caller: Caller, **payload: Any) -> None:
        """Reject a run, with the reason."""
        wanted = RejectRun().load(payload)
        with self.db.transaction(caller) as session:
            runs_steps.reject_run(session, caller, **wanted)
