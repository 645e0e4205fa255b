"""What disputes answers by RPC about actions, enquiries and reviews: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.cases import conversations, delivery_actions
from services.disputes.cases.schemas_conversations import (
    DeliveryActionsAsked,
    OpenAction,
    OpenDeliveryAction,
    OpenEnquiry,
)
from services.disputes.reviews import steps as reviews_steps
from services.disputes.reviews.schemas import ApproveReview, DecideReview, OpenReview


class ConversationAnswers:
    """Actions, enquiries and reviews: begun, and reviews approved."""

    db: Database

    open_action = answer_by(conversations.open_action, OpenAction, needs=(rights.ANSWER_CASEWORK,))
    open_delivery_action = answer_by(
        delivery_actions.open_delivery_action, OpenDeliveryAction, needs=(rights.OPEN_DELIVERY_ACTIONS,)
    )
    delivery_actions = answer_by(
        delivery_actions.list_delivery_actions, DeliveryActionsAsked, needs=(rights.READ_MEASURES,)
    )
    open_enquiry = answer_by(conversations.open_enquiry, OpenEnquiry, needs=(rights.OPEN_OWN_CASES,))
    open_review = answer_by(reviews_steps.open_review, OpenReview, needs=(rights.OPEN_OWN_CASES,))
    approve_review_internally = answer_by(
        reviews_steps.approve_internally, DecideReview, needs=(rights.APPROVE_REVIEWS_INTERNALLY,)
    )
    approve_review = answer_by(reviews_steps.approve, ApproveReview, needs=(rights.SETTLE_CASEWORK,))
