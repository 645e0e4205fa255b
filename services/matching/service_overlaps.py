"""What matching answers by RPC about overlaps, and about references that fit nothing: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.cleansing import views as cleansing_views
from services.matching.cleansing.schemas import UnknownClientsAsked
from services.matching.overlaps import views as overlaps_views
from services.matching.overlaps.schemas import MoreCarersAsked, PairsOfVisits


class OverlapsAnswers:
    """What overlaps put at stake, clients with more carers than the plan wants, and clients whom nobody knows."""

    db: Database

    overlap_stakes = answer_by(overlaps_views.stakes, PairsOfVisits, needs=(rights.READ_MEASURES,))
    more_carers = answer_by(overlaps_views.more_carers, MoreCarersAsked, needs=(rights.READ_MEASURES,))
    unknown_clients = answer_by(
        cleansing_views.list_unknown_clients, UnknownClientsAsked, needs=(rights.READ_MEASURES,)
    )
