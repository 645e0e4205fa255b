"""What ingest answers by RPC about actuals: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.ingest.actuals import calendar, extra_rules_steps, file_steps, file_views, schemas, steps, views


class ActualAnswers:
    """A part of IngestService."""

    db: Database

    actuals_week = answer_by(views.find_week, schemas.WeekOf, needs=(rights.READ_ACTUALS,))
    actuals_cplis = answer_by(views.list_cplis, schemas.WeekOf, needs=(rights.READ_ACTUALS,))
    actuals_of_cplis = answer_by(views.find_actuals, schemas.WeekOfCplis, needs=(rights.READ_ACTUALS,))
    actual = answer_by(views.find_actual, schemas.CpliWeek, needs=(rights.READ_ACTUALS,))
    actuals_calendar = answer_by(calendar.list_calendar, schemas.CalendarOf, needs=(rights.READ_ACTUALS,))
    unconfirmed_actuals = answer_by(
        calendar.list_unconfirmed, schemas.Unconfirmed, needs=(rights.READ_ACTUALS,)
    )
    generate_actuals = answer_by(steps.generate_week, schemas.WeekOf, needs=(rights.ENTER_ACTUALS,))
    save_actual = answer_by(steps.save_week, schemas.SaveWeek, needs=(rights.ENTER_ACTUALS,))
    delete_actual = answer_by(steps.delete_week, schemas.DeleteWeek, needs=(rights.ENTER_ACTUALS,))
    remove_actual_hours = answer_by(steps.remove_hours, schemas.ChangeLines, needs=(rights.ENTER_ACTUALS,))
    mark_actual_frustrated = answer_by(
        steps.mark_frustrated, schemas.ChangeLines, needs=(rights.ENTER_ACTUALS,)
    )

    set_actual_rules = answer_by(
        extra_rules_steps.set_extra_rules, schemas.SetExtraRules, needs=(rights.SET_ACTUAL_RULES,)
    )
    actual_rules = answer_by(extra_rules_steps.list_extra_rules, needs=(rights.READ_ACTUALS,))

    send_actuals_file = answer_by(file_steps.send_file, schemas.SendFile, needs=(rights.ENTER_ACTUALS,))
    actuals_file = answer_by(file_views.show_file, schemas.FileId, needs=(rights.READ_ACTUALS,))
    actuals_files = answer_by(file_views.list_newest, schemas.NewestFiles, needs=(rights.READ_ACTUALS,))
    actuals_file_errors = answer_by(
        file_views.list_errors, schemas.FindingsPage, needs=(rights.READ_ACTUALS,)
    )
    confirm_actuals_file = answer_by(
        file_steps.confirm_file, schemas.ConfirmFile, needs=(rights.ENTER_ACTUALS,)
    )
    cancel_actuals_file = answer_by(file_steps.cancel_file, schemas.FileId, needs=(rights.ENTER_ACTUALS,))
