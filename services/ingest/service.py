"""What ingest answers by RPC: wiring only."""

from libs.common.operations.answers import OperationAnswers
from libs.common.rights import names as rights
from libs.common.rpc import Caller, Database
from libs.common.rpc.answering import answer_by, answering
from libs.common.rpc.payloads import ObjectKeys, OfOrganisation, Resync
from libs.common.subjects.answers import answers_about
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
from services.ingest.service_mending import MendingAnswers
from services.ingest.subjects.parts import PARTS
from services.ingest.visits import deleting as visits_deleting
from services.ingest.visits import schemas as visits_schemas
from services.ingest.visits import steps as visits_steps
from services.ingest.visits import views as visits_views


class IngestService(ActualAnswers, CleansingAnswers, MendingAnswers, OperationAnswers):
    """Files, visits, carers and actuals."""

    name = "ingest"
    db = Database()
    held_parts, held_rows = answers_about(PARTS)

    # A line of its own: it answers without a database too.
    @answering(rights.KNOW_NAMES)
    def health(self, caller: Caller) -> dict[str, str]:
        """Whether this service answers."""
        return {"status": "ok"}

    reference_version = answer_by(reference_store.reference_version, needs=(rights.KNOW_NAMES,))
    waiting = answer_by(files_views.count_waiting, needs=(rights.KNOW_NAMES,))

    receive_visits_file = answer_by(
        files_steps.receive_file, files_schemas.ReceiveFile, needs=(rights.SEND_VISITS,)
    )
    send_visits_file = answer_by(files_steps.send_file, files_schemas.SendFile, needs=(rights.SEND_VISITS,))
    visits_file = answer_by(files_views.show_file, files_schemas.FileId, needs=(rights.READ_VISITS,))
    visits_files = answer_by(
        files_views.list_newest_files, files_schemas.NewestFiles, needs=(rights.READ_VISITS,)
    )
    visits_file_summary = answer_by(
        files_views.summarise_file, files_schemas.FileId, needs=(rights.READ_VISITS,)
    )
    visits_file_errors = answer_by(
        files_views.list_findings, files_schemas.FindingsPage, needs=(rights.READ_VISITS,)
    )
    visits_file_changes = answer_by(
        files_views.list_changes, files_schemas.ChangesPage, needs=(rights.READ_VISITS,)
    )
    visits_file_refs = answer_by(
        files_views.list_staged_refs, files_schemas.StagedRefsPage, needs=(rights.READ_VISITS,)
    )
    visits_file_unmatched = answer_by(
        files_views.list_unmatched, files_schemas.UnmatchedRowsPage, needs=(rights.READ_VISITS,)
    )
    visits_file_duplicates = answer_by(
        files_views.list_duplicates, files_schemas.DuplicatesPage, needs=(rights.READ_VISITS,)
    )
    confirm_visits_file = answer_by(
        files_steps.confirm_file, files_schemas.ConfirmFile, needs=(rights.SEND_VISITS,)
    )
    cancel_visits_file = answer_by(files_steps.cancel_file, files_schemas.FileId, needs=(rights.SEND_VISITS,))
    held_objects = answer_by(files_held.find_held, ObjectKeys, needs=(rights.OPERATE,))
    rejected_rows = answer_by(
        files_rejected.list_rejected_rows, files_schemas.DaysPlanned, needs=(rights.READ_VISITS,)
    )
    rows_to_correct = answer_by(
        files_rejected.list_to_correct, files_schemas.RowsToCorrect, needs=(rights.READ_VISITS,)
    )
    file_figures = answer_by(
        figures_views.count_files, figures_schemas.FileFigures, needs=(rights.READ_VISITS,)
    )
    sent_files = answer_by(figures_views.list_files, figures_schemas.DaysOfFiles, needs=(rights.READ_VISITS,))

    import_carers = answer_by(
        carers_steps.import_carers, carers_schemas.ImportCarers, needs=(rights.SEND_CARERS,)
    )
    send_carers_file = answer_by(
        carers_steps.send_carers, carers_schemas.SendCarers, needs=(rights.SEND_CARERS,)
    )
    check_carers_file = answer_by(
        carers_steps.check_carers_file, carers_schemas.SendCarers, needs=(rights.SEND_CARERS,)
    )
    import_checked_carers = answer_by(
        carers_steps.import_checked_carers, carers_schemas.ImportCheckedCarers, needs=(rights.SEND_CARERS,)
    )
    carers = answer_by(carers_steps.list_carers, carers_schemas.CarersAfter, needs=(rights.READ_VISITS,))

    search = answer_by(lists_search.search_visits, lists_schemas.VisitRefBegins, needs=(rights.READ_VISITS,))
    visits = answer_by(lists_views.list_visits, lists_schemas.VisitsPage, needs=(rights.READ_VISITS,))
    newest_planned_day = answer_by(
        lists_views.find_newest_planned_day, OfOrganisation, needs=(rights.READ_VISITS,)
    )
    visit_choices = answer_by(
        lists_views.list_choices, lists_schemas.VisitChoices, needs=(rights.READ_VISITS,)
    )
    weeks_with_visits = answer_by(
        lists_views.list_weeks_with_visits, lists_schemas.Weeks, needs=(rights.READ_VISITS,)
    )
    sent_weeks = answer_by(
        lists_views.list_sent_weeks, lists_schemas.DaysOfWeeks, needs=(rights.READ_VISITS,)
    )
    overlapping_visits = answer_by(
        overlaps_views.list_overlapping_visits, OverlappingVisits, needs=(rights.READ_VISITS,)
    )
    overlap_limits = answer_by(overlaps_views.list_limits, needs=(rights.READ_VISITS,))
    overlap_limits_of_day = answer_by(overlaps_views.limits_of_day, LimitsOfDay, needs=(rights.READ_VISITS,))
    set_overlap_limit = answer_by(
        overlaps_steps.set_overlap_limit, SetOverlapLimit, needs=(rights.SET_MEASURES,)
    )

    visits_of_refs = answer_by(
        visits_views.list_visits_of_refs, visits_schemas.VisitRefs, needs=(rights.READ_VISITS,)
    )
    visit = answer_by(visits_views.show_visit, visits_schemas.OneVisit, needs=(rights.READ_VISITS,))
    put_visit = answer_by(visits_steps.put_visit, visits_schemas.PutVisit, needs=(rights.SEND_VISITS,))
    delete_visit = answer_by(
        visits_steps.delete_visit, visits_schemas.DeleteVisit, needs=(rights.SEND_VISITS,)
    )
    delete_visits = answer_by(
        visits_deleting.delete_visits, visits_schemas.DeleteVisits, needs=(rights.SEND_VISITS,)
    )
    resync = answer_by(resync_entered, Resync, needs=(rights.OPERATE,))
