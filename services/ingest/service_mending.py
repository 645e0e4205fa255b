"""What ingest answers by RPC about rows of one kind: wiring only."""

from libs.common.rights import names as rights
from libs.common.rpc import Database
from libs.common.rpc.answering import answer_by
from services.ingest.files.schemas import FileId
from services.ingest.mending import views
from services.ingest.mending.schemas import OneKind


class MendingAnswers:
    """Rows of a checked file that one other value mends."""

    db: Database

    kinds_of_rows = answer_by(views.list_kinds, FileId, needs=(rights.READ_VISITS,))
    rows_of_kind = answer_by(views.find_rows, OneKind, needs=(rights.SEND_VISITS,))
