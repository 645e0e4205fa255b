"""What matching answers by RPC to reports and reviews: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from libs.common.rpc.payloads import OfOrganisation
from services.matching.reports import views as reports_views
from services.matching.reports.schemas import DaysOfUnmatched, PackagesByClient, UnmatchedForReport
from services.matching.samples import steps as samples_steps
from services.matching.samples.schemas import SampleOfWeek


class ReportAnswers:
    """What reports read, and samples of a week's care."""

    db: Database

    packages_by_client = answer_by(
        reports_views.packages_by_client, PackagesByClient, needs=(rights.READ_REPORTS,)
    )
    report_choices = answer_by(reports_views.report_choices, OfOrganisation, needs=(rights.READ_REPORTS,))
    unmatched_for_report = answer_by(
        reports_views.unmatched_for_report, UnmatchedForReport, needs=(rights.READ_REPORTS,)
    )
    unmatched_days = answer_by(reports_views.unmatched_days, DaysOfUnmatched, needs=(rights.READ_REPORTS,))
    sample_of_week = answer_by(samples_steps.sample_of_week, SampleOfWeek, needs=(rights.READ_WORKLIST,))
