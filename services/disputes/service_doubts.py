"""What disputes answers by RPC about doubts and samples: wiring only."""

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

    doubts = answer_by(views.list_doubts, DoubtsPage)
    doubt_groups = answer_by(views.list_groups, GroupsPage)
    doubts_chosen = answer_by(views.find_doubts, DoubtIds)
    doubt_week = answer_by(views.find_week, WeekOfDoubts)
    newest_doubt_week = answer_by(views.find_newest_week)
    doubt_weeks = answer_by(views.list_weeks)
    look_at_week = answer_by(steps.look_at_week, OfWeek)
    dismiss_doubts = answer_by(steps.dismiss, DismissDoubts)
    raise_doubts = answer_by(raising.raise_doubts, RaiseDoubts)
    keep_sample = answer_by(samples.keep_sample, KeepSample)
    sample = answer_by(samples.find_sample, SampleId)
    samples = answer_by(samples.list_samples, OfWeek)
