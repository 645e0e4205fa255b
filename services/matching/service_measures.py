"""What matching answers by RPC about measures: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.matching.measured_visits import views as measured_visits_views
from services.matching.measures import settings_views
from services.matching.measures import steps as measures_steps
from services.matching.measures import views as measures_views
from services.matching.measures.schemas import (
    AreaAsked,
    MeasuresAsked,
    SetOneDiary,
    SetThreshold,
    ThresholdsTried,
    VisitsAsked,
)
from services.matching.under_delivery import views as under_delivery_views
from services.matching.under_delivery.schemas import UnderDeliveryAsked


class MeasuresAnswers:
    """Measures of organisations, and by what they are taken."""

    db: Database

    measures = answer_by(measures_views.measures, MeasuresAsked, needs=(rights.READ_MEASURES,))
    measured_visits = answer_by(
        measured_visits_views.measured_visits, VisitsAsked, needs=(rights.READ_MEASURES,)
    )
    area_measures = answer_by(measures_views.area_measures, AreaAsked, needs=(rights.READ_MEASURES,))
    under_delivery = answer_by(
        under_delivery_views.under_delivery, UnderDeliveryAsked, needs=(rights.READ_MEASURES,)
    )
    measure_thresholds = answer_by(settings_views.measure_thresholds, needs=(rights.READ_MEASURES,))
    try_thresholds = answer_by(settings_views.try_thresholds, ThresholdsTried, needs=(rights.SET_MEASURES,))
    one_diaries = answer_by(settings_views.one_diaries, needs=(rights.SET_MEASURES,))
    set_measure_threshold = answer_by(
        measures_steps.set_threshold, SetThreshold, needs=(rights.SET_MEASURES,)
    )
    set_one_diary = answer_by(measures_steps.set_one_diary, SetOneDiary, needs=(rights.SET_MEASURES,))
