"""What ingest answers by RPC: wiring only."""

from libs.common.operations.answers import OperationAnswers
from libs.common.rpc import Caller, Database, rpc
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import ObjectKeys, OfOrganisation, Resync
from services.ingest.actuals.resync import resync_entered
from services.ingest.carers import schemas as carers_schemas
from services.ingest.carers import steps as carers_steps
from services.ingest.file_figures import schemas as figures_schemas
from services.ingest.file_figures import views as figures_views
from services.ingest.files import held as files_held
from services.ingest.files import rejected as files_rejected
from services.ingest.files import schemas as files_schemas
from services.ingest.files import steps as files_steps
from services.ingest.files import views as files_views
from services.ingest.lists import schemas as lists_schemas
from services.ingest.lists import search as lists_search
from services.ingest.lists import views as lists_views
from services.ingest.overlaps import steps as overlaps_steps
from services.ingest.overlaps import views as overlaps_views
from services.ingest.overlaps.schemas import LimitsOfDay, OverlappingVisits, SetOverlapLimit
from services.ingest.reference import store as reference_store
from services.ingest.service_actuals import ActualAnswers
from services.ingest.service_cleansing import CleansingAnswers
from services.ingest.visits import schemas as visits_schemas
from services.ingest.visits import steps as visits_steps
from services.ingest.visits import views as visits_views


class IngestService(ActualAnswers, CleansingAnswers, OperationAnswers):
    """Files, visits, carers and actuals."""

    name = "ingest"
    db = Database()

    # A line of its own: it answers without a database too.
    @rpc
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    reference_version = answer_by(reference_store.reference_version)
    waiting = answer_by(files_views.count_waiting)

    receive_visits_file = answer_by(files_steps.receive_file, files_schemas.ReceiveFile)
    send_visits_file = answer_by(files_steps.send_file, files_schemas.SendFile)
    visits_file = answer_by(files_views.show_file, files_schemas.FileId)
    visits_files = answer_by(files_views.list_newest_files, files_schemas.NewestFiles)
    visits_file_summary = answer_by(files_views.summarise_file, files_schemas.FileId)
    visits_file_errors = answer_by(files_views.list_findings, files_schemas.FindingsPage)
    visits_file_changes = answer_by(files_views.list_changes, files_schemas.ChangesPage)
    visits_file_refs = answer_by(files_views.list_staged_refs, files_schemas.StagedRefsPage)
    confirm_visits_file = answer_by(files_steps.confirm_file, files_schemas.ConfirmFile)
    cancel_visits_file = answer_by(files_steps.cancel_file, files_schemas.FileId)
    held_objects = answer_by(files_held.find_held, ObjectKeys)
    rejected_rows = answer_by(files_rejected.list_rejected_rows, files_schemas.DaysPlanned)
    file_figures = answer_by(figures_views.count_files, figures_schemas.FileFigures)
    sent_files = answer_by(figures_views.list_files, figures_schemas.DaysOfFiles)

    import_carers = answer_by(carers_steps.import_carers, carers_schemas.ImportCarers)
    send_carers_file = answer_by(carers_steps.send_carers, carers_schemas.SendCarers)
    check_carers_file = answer_by(carers_steps.check_carers_file, carers_schemas.SendCarers)
    import_checked_carers = answer_by(carers_steps.import_checked_carers, carers_schemas.ImportCheckedCarers)
    carers = answer_by(carers_steps.list_carers, carers_schemas.CarersAfter)

    search = answer_by(lists_search.search_visits, lists_schemas.VisitRefBegins)
    visits = answer_by(lists_views.list_visits, lists_schemas.VisitsPage)
    newest_planned_day = answer_by(lists_views.find_newest_planned_day, OfOrganisation)
    visit_choices = answer_by(lists_views.list_choices, lists_schemas.VisitChoices)
    weeks_with_visits = answer_by(lists_views.list_weeks_with_visits, lists_schemas.Weeks)
    sent_weeks = answer_by(lists_views.list_sent_weeks, lists_schemas.DaysOfWeeks)
    overlapping_visits = answer_by(overlaps_views.list_overlapping_visits, OverlappingVisits)
    overlap_limits = answer_by(overlaps_views.list_limits)
    overlap_limits_of_day = answer_by(overlaps_views.limits_of_day, LimitsOfDay)
    set_overlap_limit = answer_by(overlaps_steps.set_overlap_limit, SetOverlapLimit)

    visits_of_refs = answer_by(visits_views.list_visits_of_refs, visits_schemas.VisitRefs)
    visit = answer_by(visits_views.show_visit, visits_schemas.OneVisit)
    put_visit = answer_by(visits_steps.put_visit, visits_schemas.PutVisit)
    delete_visit = answer_by(visits_steps.delete_visit, visits_schemas.DeleteVisit)
    resync = answer_by(resync_entered, Resync)
