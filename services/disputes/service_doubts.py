"""What disputes answers by RPC about doubts and samples: wiring only."""

import datetime as dt
from typing import Any

from libs.common.care.clock import now
from libs.common.rpc import Caller, Database, rpc
from services.disputes.doubts import raising, samples
from services.disputes.doubts import steps as doubts_steps
from services.disputes.doubts.schemas import (
    DismissDoubts,
    DoubtIds,
    DoubtsPage,
    KeepSample,
    OfWeek,
    RaiseDoubts,
    SampleId,
    WeekOfDoubts,
)


class DoubtAnswers:
    """A part of DisputesService."""

    db: Database

    @rpc
    def doubts(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of doubts."""
        wanted = DoubtsPage().load(payload)
        with self.db.transaction(caller) as session:
            return doubts_steps.doubts(session, caller, **wanted)

    @rpc
    def doubts_chosen(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """Some doubts."""
        wanted = DoubtIds().load(payload)
        with self.db.transaction(caller) as session:
            return doubts_steps.chosen(session, caller, **wanted)

    @rpc
    def doubt_week(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """How a week stands."""
        wanted = WeekOfDoubts().load(payload)
        with self.db.transaction(caller) as session:
            return doubts_steps.week(session, caller, **wanted)

    @rpc
    def newest_doubt_week(self, caller: Caller) -> dt.date:
        """The week at which the worklist opens."""
        with self.db.transaction(caller) as session:
            return doubts_steps.newest_week(session, caller, now=now())

    @rpc
    def doubt_weeks(self, caller: Caller) -> list[dict[str, Any]]:
        """The newest weeks that were looked at."""
        with self.db.transaction(caller) as session:
            return doubts_steps.weeks(session, caller)

    @rpc
    def look_at_week(self, caller: Caller, **payload: Any) -> str:
        """Have a week looked at; the cause."""
        wanted = OfWeek().load(payload)
        with self.db.transaction(caller) as session:
            return doubts_steps.look_at_week(session, caller, **wanted)

    @rpc
    def dismiss_doubts(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Dismiss doubts for good."""
        wanted = DismissDoubts().load(payload)
        with self.db.transaction(caller) as session:
            return doubts_steps.dismiss(session, caller, now=now(), **wanted)

    @rpc
    def raise_doubts(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Raise doubts as disputes."""
        wanted = RaiseDoubts().load(payload)
        with self.db.transaction(caller) as session:
            return raising.raise_doubts(session, caller, now=now(), **wanted)

    @rpc
    def keep_sample(self, caller: Caller, **payload: Any) -> None:
        """Keep a sample that was picked."""
        wanted = KeepSample().load(payload)
        with self.db.transaction(caller) as session:
            samples.keep(session, caller, now=now(), **wanted)

    @rpc
    def sample(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """How a sample was picked and how it stands."""
        wanted = SampleId().load(payload)
        with self.db.transaction(caller) as session:
            return samples.sample(session, caller, **wanted)

    @rpc
    def samples(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The samples of a week."""
        wanted = OfWeek().load(payload)
        with self.db.transaction(caller) as session:
            return samples.samples(session, caller, **wanted)
