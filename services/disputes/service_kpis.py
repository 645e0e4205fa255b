"""What disputes answers by RPC for a provider's page of KPIs: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.kpis import steps as kpis_steps
from services.disputes.kpis import views as kpis_views
from services.disputes.kpis.schemas import DaysOfProvider, RaisedCases, SetSpan
from services.disputes.meetings import steps as meetings_steps
from services.disputes.meetings import views as meetings_views
from services.disputes.meetings.schemas import KeepMeeting, MeetingId, MeetingsOf


class KpiAnswers:
    """Disputes in figures, the spans of KPIs, and meetings."""

    db: Database

    dispute_figures = answer_by(kpis_views.count_answered, DaysOfProvider, needs=(rights.READ_MEASURES,))
    raised_cases = answer_by(kpis_views.list_raised_cases, RaisedCases, needs=(rights.READ_MEASURES,))
    kpi_spans = answer_by(kpis_views.find_spans, needs=(rights.READ_MEASURES,))
    set_kpi_span = answer_by(kpis_steps.set_span, SetSpan, needs=(rights.SET_MEASURES,))

    meetings = answer_by(meetings_views.list_meetings, MeetingsOf, needs=(rights.READ_MEASURES,))
    keep_meeting = answer_by(meetings_steps.keep_meeting, KeepMeeting, needs=(rights.SET_MEASURES,))
    share_meeting = answer_by(meetings_steps.share_meeting, MeetingId, needs=(rights.SET_MEASURES,))
