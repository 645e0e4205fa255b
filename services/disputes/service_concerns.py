"""What disputes answers by RPC about concerns and breach notices: wiring only."""

from libs.common.rights import names as rights
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

    concerns = answer_by(views.list_concerns, ConcernsPage, needs=(rights.READ_CONCERNS,))
    concern = answer_by(views.find_concern, ConcernId, needs=(rights.READ_CONCERNS,))
    concern_file = answer_by(
        views.find_file,
        ConcernFileId,
        needs=(
            rights.READ_CONCERNS,
            rights.READ_NOTICES,
        ),
    )
    raise_concern = answer_by(steps.raise_concern, RaiseConcern, needs=(rights.RAISE_CONCERNS,))
    move_concern = answer_by(steps.move_concern, MoveConcern, needs=(rights.CHANGE_CONCERNS,))

    breach_notices = answer_by(views.list_notices, NoticesPage, needs=(rights.READ_NOTICES,))
    breach_notice = answer_by(views.find_notice, NoticeId, needs=(rights.READ_NOTICES,))
    send_breach_notice = answer_by(notices.send_notice, SendNotice, needs=(rights.CHANGE_CONCERNS,))
    answer_breach_notice = answer_by(notices.answer_notice, AnswerNotice, needs=(rights.ANSWER_NOTICES,))

    concern_counts = answer_by(figures.count_concerns, ReceivedConcerns, needs=(rights.READ_CONCERNS,))
    concern_figures = answer_by(figures.concern_figures, FiguresOfConcerns, needs=(rights.READ_MEASURES,))
    concern_trends = answer_by(figures.list_trends, TrendsOfConcerns, needs=(rights.READ_CONCERNS,))

    concern_kinds = answer_by(
        lists.list_kinds,
        needs=(
            rights.RAISE_CONCERNS,
            rights.READ_CONCERNS,
        ),
    )
    add_concern_kind = answer_by(lists.add_kind, KindOfConcern, needs=(rights.CHANGE_CONCERNS,))
    retire_concern_kind = answer_by(lists.retire_kind, KindOfConcern, needs=(rights.CHANGE_CONCERNS,))
    concern_groups = answer_by(lists.list_groups, needs=(rights.READ_CONCERNS,))
    save_concern_group = answer_by(lists.save_group, GroupOfProviders, needs=(rights.CHANGE_CONCERNS,))
    remove_concern_group = answer_by(lists.remove_group, GroupId, needs=(rights.CHANGE_CONCERNS,))
