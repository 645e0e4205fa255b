"""What matching answers by RPC about visits and their matches: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.matches import outcomes
from services.matching.matches import store_views as matches_store_views
from services.matching.matches import views as matches_views
from services.matching.matches.schemas import (
    ExpectedBetween,
    NewestUnmatched,
    OfReason,
    PlannedBetween,
    UnmatchedVisits,
    VisitRefs,
    VisitsOfOrganisation,
)


class MatchAnswers:
    """Visits, matched or not: listed, counted, and about how much money they are."""

    db: Database

    match_counts = answer_by(matches_views.count_matches, needs=(rights.OPERATE,))
    visit_matches = answer_by(matches_store_views.matches_of, VisitRefs, needs=(rights.READ_VISITS,))
    visit_outcomes = answer_by(outcomes.count_outcomes, VisitsOfOrganisation, needs=(rights.READ_VISITS,))
    outcomes_of_visits = answer_by(outcomes.list_outcomes, VisitsOfOrganisation, needs=(rights.READ_VISITS,))
    matched_weeks = answer_by(matches_store_views.matched_weeks, VisitRefs, needs=(rights.READ_VISITS,))
    unmatched_visits = answer_by(matches_views.list_unmatched, UnmatchedVisits, needs=(rights.READ_VISITS,))
    newest_unmatched = answer_by(
        matches_views.list_newest_unmatched, NewestUnmatched, needs=(rights.READ_VISITS,)
    )
    unmatched_counts = answer_by(matches_views.count_unmatched, OfReason, needs=(rights.READ_VISITS,))
    expected_weeks = answer_by(
        matches_views.list_expected_weeks, ExpectedBetween, needs=(rights.READ_VISITS,)
    )
    unmatched_worth = answer_by(matches_views.unmatched_worth, VisitRefs, needs=(rights.READ_VISITS,))
    unmatched_money = answer_by(matches_views.unmatched_money, PlannedBetween, needs=(rights.READ_VISITS,))
