"""What disputes answers by RPC about actions, enquiries and reviews: wiring only."""

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

    open_action = answer_by(conversations.open_action, OpenAction)
    open_delivery_action = answer_by(delivery_actions.open_delivery_action, OpenDeliveryAction)
    delivery_actions = answer_by(delivery_actions.list_delivery_actions, DeliveryActionsAsked)
    open_enquiry = answer_by(conversations.open_enquiry, OpenEnquiry)
    open_review = answer_by(reviews_steps.open_review, OpenReview)
    approve_review_internally = answer_by(reviews_steps.approve_internally, DecideReview)
    approve_review = answer_by(reviews_steps.approve, ApproveReview)
