"""What payments answers by RPC to reports and charge pages: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.payments.charges import views as charges_views
from services.payments.charges.schemas import (
    ChargeAnswer,
    ChargedClient,
    ChargedClients,
    ChargeQuery,
    ChargeStatement,
)
from services.payments.merging import money
from services.payments.merging.schemas import MoneyOfMerge
from services.payments.reports import views as reports_views
from services.payments.reports.schemas import CommissionedActuals, PaymentExceptions, WeeklyHours


class ReportAnswers:
    """A part of PaymentsService."""

    db: Database

    commissioned_actuals = answer_by(
        reports_views.list_commissioned_actuals, CommissionedActuals, needs=(rights.READ_REPORTS,)
    )
    weekly_hours = answer_by(reports_views.list_weekly_hours, WeeklyHours, needs=(rights.READ_REPORTS,))
    payment_exceptions = answer_by(
        reports_views.list_payment_exceptions, PaymentExceptions, needs=(rights.READ_REPORTS,)
    )
    money_of_merge = answer_by(money.work_out_money_of_merge, MoneyOfMerge, needs=(rights.CHANGE_CARE,))

    charged_clients = answer_by(
        charges_views.list_charged_clients, ChargedClients, needs=(rights.READ_CHARGES,)
    )
    charged_client = answer_by(
        charges_views.describe_charged_client, ChargedClient, needs=(rights.READ_CHARGES,)
    )
    charge_statement = answer_by(
        charges_views.list_statement_weeks, ChargeStatement, needs=(rights.READ_CHARGES,)
    )
    ask_about_charges = answer_by(
        charges_views.ask_about_charges, ChargeQuery, needs=(rights.ASK_ABOUT_CHARGES,)
    )
    answer_about_charges = answer_by(
        charges_views.answer_about_charges, ChargeAnswer, needs=(rights.ANSWER_CHARGES,)
    )
    unanswered_about_charges = answer_by(charges_views.list_unanswered, needs=(rights.READ_CHARGES,))
