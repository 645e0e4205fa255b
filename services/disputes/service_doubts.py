"""What disputes answers by RPC about doubts and samples: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.doubts import raising, samples, steps, views
from services.disputes.doubts.schemas import (
    DismissDoubts,
    DoubtIds,
    DoubtsPage,
    GroupsPage,
    KeepSample,
    OfWeek,
    RaiseDoubts,
    SampleId,
    WeekOfDoubts,
)


class DoubtAnswers:
    """Doubts and samples: listed, looked at, dismissed, raised, kept."""

    db: Database

    doubts = answer_by(views.list_doubts, DoubtsPage, needs=(rights.READ_WORKLIST,))
    doubt_groups = answer_by(views.list_groups, GroupsPage, needs=(rights.READ_WORKLIST,))
    doubts_chosen = answer_by(views.find_doubts, DoubtIds, needs=(rights.READ_WORKLIST,))
    doubt_week = answer_by(views.find_week, WeekOfDoubts, needs=(rights.READ_WORKLIST,))
    newest_doubt_week = answer_by(views.find_newest_week, needs=(rights.READ_WORKLIST,))
    doubt_weeks = answer_by(views.list_weeks, needs=(rights.READ_WORKLIST,))
    look_at_week = answer_by(steps.look_at_week, OfWeek, needs=(rights.SETTLE_CASEWORK,))
    dismiss_doubts = answer_by(steps.dismiss, DismissDoubts, needs=(rights.SETTLE_CASEWORK,))
    raise_doubts = answer_by(raising.raise_doubts, RaiseDoubts, needs=(rights.SETTLE_CASEWORK,))
    keep_sample = answer_by(samples.keep_sample, KeepSample, needs=(rights.SETTLE_CASEWORK,))
    sample = answer_by(samples.find_sample, SampleId, needs=(rights.READ_WORKLIST,))
    samples = answer_by(samples.list_samples, OfWeek, needs=(rights.READ_WORKLIST,))
