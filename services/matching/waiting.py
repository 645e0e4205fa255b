"""What waits for a caller, of every feature that has something waiting."""

from sqlalchemy.orm import Session

from libs.common.proposals import steps as proposals_steps
from libs.common.rpc import Caller
from services.matching.documents import views as documents_views
from services.matching.imports import views as imports_views
from services.matching.matches import store_views as matches_store_views
from services.matching.ranking import appeals as ranking_appeals


def count_waiting(session: Session, caller: Caller) -> dict[str, int]:
    """Visits without a match, care files, contract documents, proposals, appeals, by name; up to a bound."""
    return {
        "unmatched_visits": matches_store_views.count_unmatched(session, caller["organisation"]),
        **imports_views.count_waiting(session, caller),
        **documents_views.count_waiting(session, caller),
        "proposals_of_lists": proposals_steps.count_waiting(session, caller),
        **ranking_appeals.count_waiting(session, caller),
    }
