"""What disputes answers by RPC about actions, enquiries and reviews: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.cases import conversations
from services.disputes.cases.schemas_conversations import OpenAction, OpenEnquiry
from services.disputes.reviews import steps as reviews_steps
from services.disputes.reviews.schemas import ApproveReview, DecideReview, OpenReview


class ConversationAnswers:
    """Actions, enquiries and reviews: begun, and reviews approved."""

    db: Database

    open_action = answer_by(conversations.open_action, OpenAction)
    open_enquiry = answer_by(conversations.open_enquiry, OpenEnquiry)
    open_review = answer_by(reviews_steps.open_review, OpenReview)
    approve_review_internally = answer_by(reviews_steps.approve_internally, DecideReview)
    approve_review = answer_by(reviews_steps.approve, ApproveReview)
