"""What disputes answers by RPC about concerns and breach notices: wiring only."""

from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.disputes.concerns import figures, lists, notices, steps, views
from services.disputes.concerns.schemas import (
    ConcernFileId,
    ConcernId,
    ConcernsPage,
    FiguresOfConcerns,
    GroupId,
    GroupOfProviders,
    KindOfConcern,
    MoveConcern,
    RaiseConcern,
    ReceivedConcerns,
    TrendsOfConcerns,
)
from services.disputes.concerns.schemas_notices import AnswerNotice, NoticeId, NoticesPage, SendNotice


class ConcernAnswers:
    """Concerns: raised, listed, moved, counted; breach notices: sent, answered; kinds and groups."""

    db: Database

    concerns = answer_by(views.list_concerns, ConcernsPage)
    concern = answer_by(views.find_concern, ConcernId)
    concern_file = answer_by(views.find_file, ConcernFileId)
    raise_concern = answer_by(steps.raise_concern, RaiseConcern)
    move_concern = answer_by(steps.move_concern, MoveConcern)

    breach_notices = answer_by(views.list_notices, NoticesPage)
    breach_notice = answer_by(views.find_notice, NoticeId)
    send_breach_notice = answer_by(notices.send_notice, SendNotice)
    answer_breach_notice = answer_by(notices.answer_notice, AnswerNotice)

    concern_counts = answer_by(figures.count_concerns, ReceivedConcerns)
    concern_figures = answer_by(figures.concern_figures, FiguresOfConcerns)
    concern_trends = answer_by(figures.list_trends, TrendsOfConcerns)

    concern_kinds = answer_by(lists.list_kinds)
    add_concern_kind = answer_by(lists.add_kind, KindOfConcern)
    retire_concern_kind = answer_by(lists.retire_kind, KindOfConcern)
    concern_groups = answer_by(lists.list_groups)
    save_concern_group = answer_by(lists.save_group, GroupOfProviders)
    remove_concern_group = answer_by(lists.remove_group, GroupId)
