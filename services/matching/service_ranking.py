"""What matching answers by RPC about ranked lists and rankings: wiring only."""

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

    ranked_lists = answer_by(views.list_lists, InQuarter)
    ranked_list = answer_by(views.find_list, ListInQuarter)
    make_ranked_list = answer_by(steps.make_list, MakeList)
    set_ranked_price = answer_by(steps.set_price, SetPrice)
    ranking_terms = answer_by(views.find_terms, InQuarter)
    set_ranking_terms = answer_by(steps.set_terms, SetTerms)
    ranking = answer_by(freezing.find_ranking, RankingAsked)
    propose_ranking = answer_by(freezing.propose_ranking, ProposeRanking)
    proposed_ranking = answer_by(freezing.find_proposed, RankingProposalId)
    frozen_ranking = answer_by(freezing.find_frozen, RankingId)
    newest_ranking = answer_by(freezing.find_newest, ListId)
    ranking_places = answer_by(appeals.list_own_places)
    ranking_place = answer_by(appeals.find_own_place, RankingId)
    appeal_ranking = answer_by(appeals.appeal, AppealRanking)
    answer_ranking_appeal = answer_by(appeals.answer_appeal, AnswerAppeal)
    ranking_appeals = answer_by(appeals.list_appeals)
