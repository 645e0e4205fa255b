"""What payments answers by RPC about holds of CPLI-weeks: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.payments.holds import many_weeks, week_steps
from services.payments.holds import views as holds_views
from services.payments.holds.schemas import (
    CpliWeek,
    CpliWeeks,
    DecideCharge,
    DecideWeeks,
    HoldsPage,
    PlaceHold,
    PlaceHolds,
    ReleaseHold,
)


class HoldAnswers:
    """Holds: listed, looked at, placed, released; one by one, or many at once."""

    db: Database

    holds = answer_by(holds_views.list_holds, HoldsPage, needs=(rights.READ_HOLDS,))
    week_hold = answer_by(holds_views.describe_week, CpliWeek, needs=(rights.READ_HOLDS,))
    place_hold = answer_by(week_steps.place, PlaceHold, needs=(rights.HOLD_PAYMENTS,))
    release_hold = answer_by(week_steps.release, ReleaseHold, needs=(rights.HOLD_PAYMENTS,))
    decide_charge = answer_by(week_steps.decide_charge, DecideCharge, needs=(rights.HOLD_PAYMENTS,))
    week_holds = answer_by(many_weeks.describe_weeks, CpliWeeks, needs=(rights.READ_HOLDS,))
    place_holds = answer_by(many_weeks.place_many, PlaceHolds, needs=(rights.HOLD_PAYMENTS,))
    release_holds = answer_by(many_weeks.release_many, DecideWeeks, needs=(rights.HOLD_PAYMENTS,))
