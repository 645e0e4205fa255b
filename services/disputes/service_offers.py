"""What disputes answers by RPC about requisitions and offers: wiring only."""

from libs.common.rights import names as rights
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

    requisitions = answer_by(views.list_requisitions, RequisitionsPage, needs=(rights.READ_REQUISITIONS,))
    requisition = answer_by(views.find_requisition, RequisitionId, needs=(rights.READ_REQUISITIONS,))
    make_requisition = answer_by(steps.make_requisition, MakeRequisition, needs=(rights.OFFER_CARE,))
    make_offer = answer_by(steps.make_offer, MakeOffer, needs=(rights.OFFER_CARE,))
    skip_provider = answer_by(steps.skip_provider, SkipProvider, needs=(rights.OFFER_CARE,))
    withdraw_requisition = answer_by(
        steps.withdraw_requisition, WithdrawRequisition, needs=(rights.OFFER_CARE,)
    )
    # whoever reads the measures opens the offers that one counts
    offers = answer_by(views.list_offers, OffersPage, needs=(rights.READ_OFFERS, rights.READ_MEASURES))
    offer = answer_by(views.find_offer, OfferId, needs=(rights.READ_OFFERS,))
    answer_offer = answer_by(steps.answer_offer, AnswerOffer, needs=(rights.ANSWER_OFFERS,))
    offer_hours = answer_by(views.list_offer_hours, needs=(rights.READ_REQUISITIONS,))
    set_offer_hours = answer_by(steps.set_offer_hours, SetOfferHours, needs=(rights.OFFER_CARE,))
    offer_figures = answer_by(views.offer_figures, OfferFiguresAsked, needs=(rights.READ_MEASURES,))
