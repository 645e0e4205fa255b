"""What ingest answers by RPC about actuals: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.ingest.actuals import calendar, extra_rules_steps, file_steps, file_views, schemas, steps, views


class ActualAnswers:
    """A part of IngestService."""

    db: Database

    actuals_week = answer_by(views.find_week, schemas.WeekOf)
    actual = answer_by(views.find_actual, schemas.CpliWeek)
    actuals_calendar = answer_by(calendar.list_calendar, schemas.CalendarOf)
    unconfirmed_actuals = answer_by(calendar.list_unconfirmed, schemas.Unconfirmed)
    generate_actuals = answer_by(steps.generate_week, schemas.WeekOf)
    save_actual = answer_by(steps.save_week, schemas.SaveWeek)
    delete_actual = answer_by(steps.delete_week, schemas.DeleteWeek)
    remove_actual_hours = answer_by(steps.remove_hours, schemas.ChangeLines)
    mark_actual_frustrated = answer_by(steps.mark_frustrated, schemas.ChangeLines)

    set_actual_rules = answer_by(extra_rules_steps.set_extra_rules, schemas.SetExtraRules)
    actual_rules = answer_by(extra_rules_steps.list_extra_rules)

    send_actuals_file = answer_by(file_steps.send_file, schemas.SendFile)
    actuals_file = answer_by(file_views.show_file, schemas.FileId)
    actuals_files = answer_by(file_views.list_newest, schemas.NewestFiles)
    actuals_file_errors = answer_by(file_views.list_errors, schemas.FindingsPage)
    confirm_actuals_file = answer_by(file_steps.confirm_file, schemas.ConfirmFile)
    cancel_actuals_file = answer_by(file_steps.cancel_file, schemas.FileId)
