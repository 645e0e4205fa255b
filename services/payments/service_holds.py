"""What payments answers by RPC about holds of CPLI-weeks: wiring only."""

from typing import Any

from libs.common.rpc import Caller, Database, rpc
from services.payments.holds import views as holds_views
from services.payments.holds import week_steps
from services.payments.holds.schemas import CpliWeek, DecideCharge, HoldsPage, PlaceHold, ReleaseHold


class HoldAnswers:
    """Holds: listed, looked at, placed, released."""

    db: Database

    @rpc
    def holds(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of the weeks that are held."""
        wanted = HoldsPage().load(payload)
        with self.db.transaction(caller) as session:
            return holds_views.holds(session, caller, **wanted)

    @rpc
    def week_hold(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A CPLI's week: its unpaid money and what was decided about it."""
        wanted = CpliWeek().load(payload)
        with self.db.transaction(caller) as session:
            return holds_views.week(session, caller, **wanted)

    @rpc
    def place_hold(self, caller: Caller, **payload: Any) -> None:
        """Cancel, suspend or carry forward what of a week is not paid."""
        wanted = PlaceHold().load(payload)
        with self.db.transaction(caller) as session:
            week_steps.place(session, caller, **wanted)

    @rpc
    def release_hold(self, caller: Caller, **payload: Any) -> None:
        """Pay what of a week is held."""
        wanted = ReleaseHold().load(payload)
        with self.db.transaction(caller) as session:
            week_steps.release(session, caller, **wanted)

    @rpc
    def decide_charge(self, caller: Caller, **payload: Any) -> None:
        """Decide anew about the charge of what is held."""
        wanted = DecideCharge().load(payload)
        with self.db.transaction(caller) as session:
            week_steps.decide_charge(session, caller, **wanted)
