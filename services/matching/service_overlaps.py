"""What matching answers by RPC about overlaps: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.overlaps import views as overlaps_views
from services.matching.overlaps.schemas import MoreCarersAsked, PairsOfVisits


class OverlapsAnswers:
    """What overlaps put at stake, and clients with more carers than the plan wants."""

    db: Database

    overlap_stakes = answer_by(overlaps_views.stakes, PairsOfVisits)
    more_carers = answer_by(overlaps_views.more_carers, MoreCarersAsked)
