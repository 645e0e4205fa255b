"""What matching answers by RPC about ranked lists and rankings: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.ranking import appeals, freezing, steps, views
from services.matching.ranking.schemas import (
    AnswerAppeal,
    AppealRanking,
    InQuarter,
    ListId,
    ListInQuarter,
    MakeList,
    ProposeRanking,
    RankingAsked,
    RankingId,
    RankingProposalId,
    SetPrice,
    SetTerms,
)


class RankingAnswers:
    """Ranked lists, their rankings, frozen ones and appeals."""

    db: Database

    ranked_lists = answer_by(views.list_lists, InQuarter, needs=(rights.READ_RANKINGS,))
    ranked_list = answer_by(views.find_list, ListInQuarter, needs=(rights.READ_RANKINGS,))
    make_ranked_list = answer_by(steps.make_list, MakeList, needs=(rights.CHANGE_RANKINGS,))
    set_ranked_price = answer_by(steps.set_price, SetPrice, needs=(rights.CHANGE_RANKINGS,))
    ranking_terms = answer_by(views.find_terms, InQuarter, needs=(rights.READ_RANKINGS,))
    set_ranking_terms = answer_by(steps.set_terms, SetTerms, needs=(rights.CHANGE_RANKINGS,))
    ranking = answer_by(freezing.find_ranking, RankingAsked, needs=(rights.READ_RANKINGS,))
    propose_ranking = answer_by(freezing.propose_ranking, ProposeRanking, needs=(rights.CHANGE_RANKINGS,))
    proposed_ranking = answer_by(
        freezing.find_proposed,
        RankingProposalId,
        needs=(
            rights.READ_RANKINGS,
            rights.READ_PROPOSALS,
        ),
    )
    frozen_ranking = answer_by(freezing.find_frozen, RankingId, needs=(rights.READ_RANKINGS,))
    newest_ranking = answer_by(
        freezing.find_newest,
        ListId,
        needs=(
            rights.READ_RANKINGS,
            rights.READ_REQUISITIONS,
        ),
    )
    ranking_places = answer_by(appeals.list_own_places, needs=(rights.READ_OWN_RANKINGS,))
    ranking_place = answer_by(appeals.find_own_place, RankingId, needs=(rights.READ_OWN_RANKINGS,))
    appeal_ranking = answer_by(appeals.appeal, AppealRanking, needs=(rights.APPEAL_RANKINGS,))
    answer_ranking_appeal = answer_by(appeals.answer_appeal, AnswerAppeal, needs=(rights.CHANGE_RANKINGS,))
    ranking_appeals = answer_by(appeals.list_appeals, needs=(rights.READ_RANKINGS,))
