"""What disputes answers by RPC: wiring only."""

import datetime as dt
import uuid
from typing import Any

from libs.common.progress import progress_of
from libs.common.rpc import Caller, Database, rpc
from services.disputes import cases, conversations, reviews
from services.disputes.schemas import AttachmentId, CaseId, CasesPage, KnownCases, Say
from services.disputes.schemas_conversations import (
    ApproveReview,
    DecideReview,
    OpenAction,
    OpenEnquiry,
    OpenReview,
)


class DisputesService:
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
            return cases.cases(session, caller, now=_now(), **wanted)

    @rpc
    def case(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """A case with its conversation."""
        wanted = CaseId().load(payload)
        with self.db.transaction(caller) as session:
            return cases.case(session, caller, now=_now(), **wanted)

    @rpc
    def say(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Add a message to a case, and make a move by it."""
        wanted = Say().load(payload)
        with self.db.transaction(caller) as session:
            return cases.say_plainly(session, caller, now=_now(), **wanted)

    @rpc
    def open_action(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Begin an action."""
        wanted = OpenAction().load(payload)
        with self.db.transaction(caller) as session:
            return conversations.open_action(session, caller, now=_now(), **wanted)

    @rpc
    def open_enquiry(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Question a payment, or a missing one."""
        wanted = OpenEnquiry().load(payload)
        with self.db.transaction(caller) as session:
            return conversations.open_enquiry(session, caller, now=_now(), **wanted)

    @rpc
    def open_review(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask for planned extra care."""
        wanted = OpenReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews.open_review(session, caller, now=_now(), **wanted)

    @rpc
    def approve_review_internally(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Approve internally that visits are longer by more than a quarter of an hour."""
        wanted = DecideReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews.approve_internally(session, caller, now=_now(), **wanted)

    @rpc
    def approve_review(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a review's care added as a second CPLI."""
        wanted = ApproveReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews.approve(session, caller, now=_now(), **wanted)

    @rpc
    def known_cases(self, caller: Caller, **payload: Any) -> list[uuid.UUID]:
        """Which of these are cases that the caller may see."""
        wanted = KnownCases().load(payload)
        with self.db.transaction(caller) as session:
            return cases.known(session, **wanted)

    @rpc
    def attachment(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Where an attachment lies, for one of the two sides."""
        wanted = AttachmentId().load(payload)
        with self.db.transaction(caller) as session:
            return cases.attachment(session, **wanted)

    @rpc
    def case_counts(self, caller: Caller) -> dict[str, dict[str, int]]:
        """How many cases of each kind are open, and how many await the caller's side."""
        with self.db.transaction(caller) as session:
            return cases.counts(session, caller)

    @rpc
    def waiting(self, caller: Caller) -> dict[str, int]:
        """What waits for the caller, in numbers."""
        with self.db.transaction(caller) as session:
            return cases.waiting(session, caller)

    @rpc
    def progress(self, caller: Caller, cause_id: str | None = None) -> dict[str, dict[str, int]]:
        """What this service emitted and received, by event."""
        with self.db.transaction(caller) as session:
            return progress_of(session, cause_id)._asdict()


def _now() -> dt.datetime:
    """The moment at which something is asked."""
    return dt.datetime.now(dt.UTC)
