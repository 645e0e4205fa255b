"""What ingest answers by RPC about actuals: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.ingest.actuals import steps as actuals_steps
from services.ingest.actuals import views as actuals_views
from services.ingest.actuals.schemas import CpliWeek, DeleteWeek, SaveWeek, WeekOf


class ActualAnswers:
    """A part of IngestService."""

    db: Database

    actuals_week = answer_by(actuals_views.find_week, WeekOf)
    actual = answer_by(actuals_views.find_actual, CpliWeek)
    generate_actuals = answer_by(actuals_steps.generate_week, WeekOf)
    save_actual = answer_by(actuals_steps.save_week, SaveWeek)
    delete_actual = answer_by(actuals_steps.delete_week, DeleteWeek)
