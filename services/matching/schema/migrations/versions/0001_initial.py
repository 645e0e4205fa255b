"""The schema ``matching`` as it was first released."""

from libs.common.sql.migrating import (
    create_messaging_tables,
    create_proposal_tables,
    fill_service_levels,
    show_to_council,
    show_to_organisation,
)
from services.matching.schema.migrations.initial.care import (
    create_care,
    create_lists,
    create_visits,
    fill_visit_types,
)
from services.matching.schema.migrations.initial.clients import create_clients
from services.matching.schema.migrations.initial.documents import create_documents
from services.matching.schema.migrations.initial.measures import create_counts, create_measures
from services.matching.schema.migrations.initial.ranking import create_ranking

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the tables, say who sees their rows, and fill the lists that the council may change."""
    create_messaging_tables("matching")
    create_proposal_tables("matching")
    create_lists()
    create_clients()
    create_care()
    create_documents()
    create_visits()
    create_measures()
    create_counts()
    show_to_organisation("matching", "services", "cplis", "visits", "weeks", "actuals", "set_apart")
    show_to_organisation("matching", "contract_documents", "contract_document_notes")
    show_to_organisation("matching", "stale_weeks", "measured_days", "measured_carers", "measured_deliveries")
    create_ranking()
    show_to_organisation("matching", "frozen_places", "ranking_appeals", "ranking_appeal_answers")
    show_to_council("matching", "client_circumstances")
    show_to_council("matching", "ranked_prices", "ranking_workings", "frozen_rankings")
    fill_service_levels("matching")
    fill_visit_types()
