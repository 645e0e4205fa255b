"""What disputes answers by RPC about requisitions and offers: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.offers import steps, views
from services.disputes.offers.schemas import (
    AnswerOffer,
    MakeOffer,
    MakeRequisition,
    OfferFiguresAsked,
    OfferId,
    OffersPage,
    RequisitionId,
    RequisitionsPage,
    SetOfferHours,
    SkipProvider,
    WithdrawRequisition,
)


class OfferAnswers:
    """Requisitions: made, offered down a ranking, answered, skipped, withdrawn."""

    db: Database

    requisitions = answer_by(views.list_requisitions, RequisitionsPage)
    requisition = answer_by(views.find_requisition, RequisitionId)
    make_requisition = answer_by(steps.make_requisition, MakeRequisition)
    make_offer = answer_by(steps.make_offer, MakeOffer)
    skip_provider = answer_by(steps.skip_provider, SkipProvider)
    withdraw_requisition = answer_by(steps.withdraw_requisition, WithdrawRequisition)
    offers = answer_by(views.list_offers, OffersPage)
    offer = answer_by(views.find_offer, OfferId)
    answer_offer = answer_by(steps.answer_offer, AnswerOffer)
    offer_hours = answer_by(views.list_offer_hours)
    set_offer_hours = answer_by(steps.set_offer_hours, SetOfferHours)
    offer_figures = answer_by(views.offer_figures, OfferFiguresAsked)
