"""What disputes answers by RPC: wiring only."""

import uuid
from typing import Any

from libs.common.care.clock import now
from libs.common.operations.answers import OperationAnswers
from libs.common.rpc import Caller, Database, rpc
from services.disputes.cases import steps as cases_steps
from services.disputes.cases.schemas import AttachmentId, CaseId, CasesPage, KnownCases, Say
from services.disputes.disputes import steps as disputes_steps
from services.disputes.disputes.schemas import (
    DaysOfDisputes,
    DisputeId,
    RaiseDisputes,
    ResolveDisputes,
    VisitsOfDisputes,
    WithdrawVisits,
)
from services.disputes.doubts import steps as doubts_steps
from services.disputes.service_claims import ClaimAnswers
from services.disputes.service_conversations import ConversationAnswers
from services.disputes.service_doubts import DoubtAnswers


class DisputesService(DoubtAnswers, ClaimAnswers, ConversationAnswers, OperationAnswers):
    """Disputes, enquiries, actions, reviews and one-off claims."""

    name = "disputes"
    db = Database()

    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    @rpc
    def cases(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """A page of cases of a kind."""
        wanted = CasesPage().load(payload)
        with self.db.transaction(caller) as session:
            return cases_steps.cases(session, caller, now=now(), **wanted)

    @rpc
    def case(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A case with its conversation."""
        wanted = CaseId().load(payload)
        with self.db.transaction(caller) as session:
            return cases_steps.case(session, caller, now=now(), **wanted)

    @rpc
    def say(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Add a message to a case, and make a move by it."""
        wanted = Say().load(payload)
        with self.db.transaction(caller) as session:
            return cases_steps.say(session, caller, now=now(), **wanted)

    @rpc
    def known_cases(self, caller: Caller, **payload: Any) -> list[uuid.UUID]:
        """Which of these are cases that the caller may see."""
        wanted = KnownCases().load(payload)
        with self.db.transaction(caller) as session:
            return cases_steps.known(session, caller, **wanted)

    @rpc
    def attachment(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Where an attachment lies, for one of the two sides."""
        wanted = AttachmentId().load(payload)
        with self.db.transaction(caller) as session:
            return cases_steps.attachment(session, caller, **wanted)

    @rpc
    def raise_disputes(self, caller: Caller, **payload: Any) -> list[uuid.UUID]:
        """Raise disputes, all or none; the ids of those that began."""
        wanted = RaiseDisputes().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.raise_disputes(session, caller, now=now(), **wanted)

    @rpc
    def dispute(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A dispute with its conversation and its visits."""
        wanted = DisputeId().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.dispute(session, caller, now=now(), **wanted)

    @rpc
    def disputes_of_visits(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The open disputes about visits."""
        wanted = VisitsOfDisputes().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.of_visits(session, **wanted)

    @rpc
    def open_disputes(self, caller: Caller, **payload: Any) -> list[dict[str, Any]]:
        """The open disputes about days between two, with what each is about."""
        wanted = DaysOfDisputes().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.open_about_days(session, **wanted)

    @rpc
    def withdraw_visits(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Resolve an overdue dispute and have its visits deleted."""
        wanted = WithdrawVisits().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.withdraw_visits(session, caller, now=now(), **wanted)

    @rpc
    def resolve_disputes(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Resolve many disputes at once."""
        wanted = ResolveDisputes().load(payload)
        with self.db.transaction(caller) as session:
            return disputes_steps.resolve_disputes(session, caller, now=now(), **wanted)

    @rpc
    def case_counts(self, caller: Caller) -> dict[str, dict[str, int]]:
        """How many cases of each kind are open, and how many await the caller's side."""
        with self.db.transaction(caller) as session:
            return cases_steps.counts(session, caller)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller, in numbers."""
        with self.db.transaction(caller) as session:
            return cases_steps.waiting(session, caller) | doubts_steps.waiting(session, caller)
