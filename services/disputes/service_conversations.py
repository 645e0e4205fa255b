"""What disputes answers by RPC about actions, enquiries and reviews: wiring only."""

from typing import Any

from libs.common.care.clock import now
from libs.common.rpc import Caller, Database, rpc
from services.disputes.cases import conversations
from services.disputes.cases.schemas_conversations import (
    ApproveReview,
    DecideReview,
    OpenAction,
    OpenEnquiry,
    OpenReview,
)
from services.disputes.reviews import steps as reviews_steps


class ConversationAnswers:
    """A part of DisputesService."""

    db: Database

    @rpc
    def open_action(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Begin an action."""
        wanted = OpenAction().load(payload)
        with self.db.transaction(caller) as session:
            return conversations.open_action(session, caller, now=now(), **wanted)

    @rpc
    def open_enquiry(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Question a payment, or a missing one."""
        wanted = OpenEnquiry().load(payload)
        with self.db.transaction(caller) as session:
            return conversations.open_enquiry(session, caller, now=now(), **wanted)

    @rpc
    def open_review(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Ask for planned extra care."""
        wanted = OpenReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews_steps.open_review(session, caller, now=now(), **wanted)

    @rpc
    def approve_review_internally(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Approve internally that visits are longer by more than a quarter of an hour."""
        wanted = DecideReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews_steps.approve_internally(session, caller, now=now(), **wanted)

    @rpc
    def approve_review(self, caller: Caller, **payload: Any) -> dict[str, Any]:
        """Have a review's care added as a second CPLI."""
        wanted = ApproveReview().load(payload)
        with self.db.transaction(caller) as session:
            return reviews_steps.approve(session, caller, now=now(), **wanted)
